//go:build unix

package durable

import (
	"errors"
	"os"

	"github.com/gofrs/flock"
)

// hold locks a draft until the function it returns is called or the process
// dies. Where a file system has no locks it does nothing.
func hold(draft string) (release func()) {
	lock := flock.New(draft, flock.SetFlag(os.O_RDONLY)) // it makes no file
	_, _ = lock.TryLock()                                // nobody else knows the name yet
	return func() { _ = lock.Unlock() }
}

// held reports whether somebody holds a draft, or may.
func held(draft string) bool {
	lock := flock.New(draft, flock.SetFlag(os.O_RDONLY))
	free, err := lock.TryLock()
	return errors.Join(err, lock.Unlock()) != nil || !free
}

// SyncDir makes what was created, renamed or removed in a directory durable.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
