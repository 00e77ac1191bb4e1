// Package durable writes files that survive a crash.
package durable

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/carillon-dialer/carillon/cadence/crash"
)

// Write puts data in place of a file, whole or not at all, mode 0600. When it
// returns nil the new file is on disk.
func Write(file string, data []byte) error {
	return Stream(file, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}, nil)
}

// Stream is Write for what is too large to be held: write gives the content,
// and check, when it is not nil, reads it back before it takes its place. What a
// killed process leaves is found by Abandoned.
func Stream(file string, write func(io.Writer) error, check func(io.Reader) error) error {
	dir := filepath.Dir(file)
	f, err := os.CreateTemp(dir, draftOf(file))
	if err != nil {
		return err
	}
	defer hold(f.Name())()
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err == nil && check != nil {
		if _, err = f.Seek(0, io.SeekStart); err == nil {
			err = check(f)
		}
	}
	if err = errors.Join(err, f.Close()); err == nil {
		crash.Point(crash.FileBeforeRename)
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	crash.Point(crash.FileAfterRename)
	return SyncDir(dir)
}
