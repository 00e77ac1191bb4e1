//go:build unix

package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// harm is one way in which a file goes bad. It reports false where it would
// change nothing.
type harm struct {
	name string
	do   func(t *testing.T, file string) bool
}

// page is what a disk loses at once.
const page = 4096

var harms = []harm{
	{"flip head", flip(func(used int64) int64 { return min(9, used/4) })},
	{"flip middle", flip(func(used int64) int64 { return used / 2 })},
	{"flip tail", flip(func(used int64) int64 { return used - 1 - min(used/8, 5) })},
	{"truncate", func(t *testing.T, file string) bool {
		used := usedBytes(t, file)
		if used == 0 {
			return false
		}
		must(t, os.Truncate(file, used*2/3))
		return true
	}},
	{"zero a page", func(t *testing.T, file string) bool {
		used := usedBytes(t, file)
		from := used / 2 / page * page
		n := min(page, used-from)
		if n <= 0 {
			return false
		}
		return patch(t, file, from, make([]byte, n))
	}},
	{"delete", func(t *testing.T, file string) bool {
		must(t, os.Remove(file))
		return true
	}},
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func flip(at func(used int64) int64) func(*testing.T, string) bool {
	return func(t *testing.T, file string) bool {
		used := usedBytes(t, file)
		if used == 0 {
			return false
		}
		where, one := at(used), make([]byte, 1)
		f, err := os.Open(file)
		must(t, err)
		_, err = f.ReadAt(one, where)
		must(t, errors.Join(err, f.Close()))
		one[0] ^= 4
		return patch(t, file, where, one)
	}
}

// patch overwrites a piece and reports whether that changed anything.
func patch(t *testing.T, file string, at int64, with []byte) bool {
	t.Helper()
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	must(t, err)
	was := make([]byte, len(with))
	_, err = f.ReadAt(was, at)
	must(t, err)
	_, err = f.WriteAt(with, at)
	must(t, errors.Join(err, f.Close()))
	return !bytes.Equal(was, with)
}

// usedBytes is the length of a file without the zeros that it was sized with.
func usedBytes(t *testing.T, file string) (used int64) {
	t.Helper()
	must(t, extents(file, func(at int64, piece []byte) error {
		if n := len(bytes.TrimRight(piece, "\x00")); n > 0 {
			used = at + int64(n)
		}
		return nil
	}))
	return used
}

// Where data begins and ends in a file with holes, as Linux tells it; other
// systems refuse and are read whole.
const (
	seekData = 3
	seekHole = 4
)

// extents reads the written parts of a file.
func extents(file string, fn func(at int64, piece []byte) error) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	buf := make([]byte, 256<<10)
	for at := int64(0); at < info.Size(); {
		from, to := at, info.Size()
		if data, err := f.Seek(at, seekData); err == nil {
			from = data
			if hole, err := f.Seek(data, seekHole); err == nil {
				to = hole
			}
		} else if at > 0 {
			return nil // nothing but a hole behind the last part
		}
		for from < to {
			n, err := f.ReadAt(buf[:min(int64(len(buf)), to-from)], from)
			if n > 0 {
				if err := fn(from, buf[:n]); err != nil {
					return err
				}
			}
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			from += int64(n)
		}
		at = to
	}
	return nil
}

// copyTree copies a data directory as it is on the disk; holes stay holes.
func copyTree(t *testing.T, from, to string) string {
	t.Helper()
	must(t, filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if e.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		if !e.Type().IsRegular() {
			return nil // a socket
		}
		return copyFile(path, target)
	}))
	return to
}

func copyFile(from, to string) (err error) {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	err = extents(from, func(at int64, piece []byte) error {
		if len(bytes.Trim(piece, "\x00")) == 0 {
			return nil
		}
		_, err := out.WriteAt(piece, at)
		return err
	})
	return errors.Join(err, out.Truncate(info.Size()))
}

// filesOf lists the files of a directory from its root.
func filesOf(t *testing.T, dir string) (all []string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			rel, _ := filepath.Rel(dir, path)
			all = append(all, rel)
		}
		return err
	}))
	return all
}
