package badger

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/carillon-dialer/carillon/cadence/crash"
)

// layBallast makes the ballast file when it is missing and the disk has room
// for it above the guard. Its content does not compress, so that it is as
// heavy on file systems that do.
func layBallast(dir string, size int64, minFree uint64) error {
	path := filepath.Join(dir, ballastName)
	if st, err := os.Stat(path); err == nil && st.Size() == size {
		return nil
	}
	free, err := freeBytes(dir)
	if err != nil || free < minFree+uint64(size) {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("make ballast: %w", err)
	}
	noise := rand.NewChaCha8([32]byte{})
	buf := make([]byte, 1<<20)
	for left := size; left > 0 && err == nil; left -= int64(len(buf)) {
		buf = buf[:min(left, int64(cap(buf)))]
		_, _ = noise.Read(buf)
		_, err = f.Write(buf)
		crash.Point(crash.BallastHalfLaid)
	}
	crash.Point(crash.BallastLaid)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("write ballast: %w", err), os.Remove(path))
	}
	return nil
}

// ReleaseBallast deletes the ballast file of a ledger, open or not, and returns
// how many bytes that gave back: 0 when there was none. The next Open lays it
// again once there is room.
func ReleaseBallast(dir string) (int64, error) {
	path := filepath.Join(dir, ballastName)
	st, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look at ballast: %w", err)
	}
	crash.Point(crash.BallastBeforeRelease)
	if err := os.Remove(path); err != nil {
		return 0, fmt.Errorf("release ballast: %w", err)
	}
	crash.Point(crash.BallastAfterRelease)
	return st.Size(), nil
}

// ReleaseBallast deletes this ledger's ballast file, see the function.
func (l *Ledger) ReleaseBallast() (int64, error) {
	if l.opts.InMemory {
		return 0, nil
	}
	n, err := ReleaseBallast(l.opts.Dir)
	return n, errors.Join(err, l.measureDisk())
}
