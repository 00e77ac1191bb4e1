package badger

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// acquire locks the directory for this process until Unlock or death. The
// process id stands in a file of its own, because a lock may forbid others to
// read what it covers; it is only ever read when the lock is held.
func acquire(dir string) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock ledger %s: %w", dir, err)
	}
	pidFile := filepath.Join(dir, pidName)
	if !ok {
		return nil, fmt.Errorf("%w: %s is in use by %s", ledger.ErrOwned, dir, holder(pidFile))
	}
	if err := os.WriteFile(pidFile, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		_ = lock.Unlock()
		return nil, fmt.Errorf("write process id: %w", err)
	}
	return lock, nil
}

// holder names the process that has the lock.
func holder(pidFile string) string {
	raw, err := os.ReadFile(pidFile)
	pid, perr := strconv.Atoi(strings.TrimSpace(string(raw)))
	switch {
	case err != nil || perr != nil:
		return "another process that is just starting"
	case pid == os.Getpid():
		return fmt.Sprintf("this process (pid %d)", pid)
	default:
		return fmt.Sprintf("process %d", pid)
	}
}
