//go:build unix

package badger

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// freeBytes is the space an ordinary user may still fill below dir.
func freeBytes(dir string) (uint64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, fmt.Errorf("free space of %s: %w", dir, err)
	}
	return uint64(max(st.Bavail, 0)) * uint64(st.Bsize), nil //nolint:unconvert // the types differ between systems
}
