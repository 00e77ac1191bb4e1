//go:build unix

package dnclog

import (
	"errors"
	"os"
)

// lockFile is what is locked for a log: the log itself, so that it is the same
// lock by whatever name it is reached.
func lockFile(path string) string { return path }

// syncDir makes names created or renamed in dir durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
