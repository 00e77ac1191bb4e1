package badger

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	badgerdb "github.com/dgraph-io/badger/v4"
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
	more, err := repairIdle(db)
	if done = append(done, more...); len(done) == 0 || err != nil {
		return done, err
	}
	return done, syncDir(db)
}

const (
	vlogHead     = 20             // key id and nonce
	registryText = "Hello Badger" // behind a nonce of 16 bytes
)

// repairIdle removes what Badger insists on reading and this ledger never
// uses, when it cannot be read: the registry of encryption keys, of which there
// are none, and value logs, whose head names such a key and which hold nothing.
// Badger makes them anew.
func repairIdle(db string) (done []string, err error) {
	registry := filepath.Join(db, badgerdb.KeyRegistryFileName)
	raw, err := os.ReadFile(registry)
	if err == nil && (len(raw) != 16+len(registryText) || string(raw[16:]) != registryText) {
		if err := os.Remove(registry); err != nil {
			return done, fmt.Errorf("remove damaged %s: %w", registry, err)
		}
		done = append(done, "removed the damaged "+badgerdb.KeyRegistryFileName+", which held no key")
	}
	logs, err := filepath.Glob(filepath.Join(db, "*.vlog"))
	if err != nil {
		return done, fmt.Errorf("list ledger store: %w", err)
	}
	for _, path := range logs {
		idle, err := idleLog(path)
		if err != nil {
			return done, err
		}
		if !idle {
			continue
		}
		if err := os.Remove(path); err != nil {
			return done, fmt.Errorf("remove damaged %s: %w", path, err)
		}
		done = append(done, "removed "+filepath.Base(path)+", whose head was damaged and which held nothing")
	}
	return done, nil
}

// idleLog reports whether a value log has a damaged head and nothing behind it.
func idleLog(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("look at %s: %w", path, err)
	}
	defer func() { _ = f.Close() }() // only read
	buf := make([]byte, 64<<10)
	n, err := io.ReadFull(f, buf)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("look at %s: %w", path, err)
	}
	buf = buf[:n]
	if n >= vlogHead && len(bytes.Trim(buf[:8], "\x00")) == 0 {
		return false, nil // the head is as we write it
	}
	return n < vlogHead || len(bytes.Trim(buf[vlogHead:], "\x00")) == 0, nil
}
