package badger

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// repair removes the empty write-ahead and value logs that a death between
// creating and sizing a file leaves behind. Badger refuses to open with one,
// and none ever held an entry. It returns what it did, in words.
func repair(db string) ([]string, error) {
	if _, err := os.Stat(db); err != nil {
		if os.IsNotExist(err) {
			return nil, nil
		}
		return nil, fmt.Errorf("look at ledger store: %w", err)
	}
	var done []string
	for _, pattern := range []string{"*.mem", "*.vlog"} {
		names, err := fs.Glob(os.DirFS(db), pattern)
		if err != nil {
			return done, fmt.Errorf("list ledger store: %w", err)
		}
		for _, name := range names {
			path := filepath.Join(db, name)
			st, err := os.Stat(path)
			if err != nil {
				return done, fmt.Errorf("look at %s: %w", path, err)
			}
			if st.Size() > 0 || !st.Mode().IsRegular() {
				continue
			}
			if err := os.Remove(path); err != nil {
				return done, fmt.Errorf("remove empty %s: %w", path, err)
			}
			done = append(done, fmt.Sprintf("removed %s, an empty file left by an interrupted start or rotation", name))
		}
	}
	if len(done) == 0 {
		return nil, nil
	}
	return done, syncDir(db)
}
