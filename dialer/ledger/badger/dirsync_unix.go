//go:build unix

package badger

import (
	"errors"
	"os"
)

// syncDir makes names created or renamed in dir durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
