package sim_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	badgerdb "github.com/dgraph-io/badger/v4"

	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
)

// disk is real ground: Badger in a directory. A crash leaves the process's
// files as they are; a copy of them is opened the way a start does.
type disk struct {
	root string
	open map[int]*badger.Ledger
	dirs map[int]string
	n    int
}

func newDisk(root string) *disk {
	return &disk{root: root, open: map[int]*badger.Ledger{}, dirs: map[int]string{}}
}

func (d *disk) Open(node int) (ledger.Ledger, error) {
	d.n++
	return d.start(node, filepath.Join(d.root, fmt.Sprint(d.n)))
}

func (d *disk) start(node int, dir string) (ledger.Ledger, error) {
	l, err := badger.Open(badger.Options{Dir: dir, MinFree: 1, MemTableSize: 8 << 20, NumCompactors: badger.NoCompactors})
	if err != nil {
		return nil, err
	}
	d.open[node], d.dirs[node] = l, dir
	if s := l.Health().Suspicious; len(s) > 0 {
		return nil, fmt.Errorf("the ledger opens and is suspicious: %v", s)
	}
	return l, nil
}

func (d *disk) Crash(node int) (ledger.Ledger, error) {
	old, from := d.open[node], d.dirs[node]
	d.n++
	to := filepath.Join(d.root, fmt.Sprint(d.n))
	if err := image(from, to); err != nil {
		return nil, err
	}
	if err := old.Close(); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(from); err != nil {
		return nil, err
	}
	return d.start(node, to)
}

func (d *disk) Close() error {
	var errs []error
	for _, l := range d.open {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}

// image copies the files of an open ledger as they are: what a killed process
// leaves. Holes stay holes. The store may be flushing a memory table meanwhile:
// it writes the table, then the manifest, then removes the log. Copied in the
// order log, manifest, tables, nothing is missing, whenever that happens.
func image(from, to string) error {
	passes := []func(name string) bool{
		func(name string) bool { return name != badgerdb.ManifestFilename && filepath.Ext(name) != ".sst" },
		func(name string) bool { return name == badgerdb.ManifestFilename },
		func(name string) bool { return filepath.Ext(name) == ".sst" },
	}
	for _, pass := range passes {
		if err := imageOf(from, to, pass); err != nil {
			return err
		}
	}
	return nil
}

func imageOf(from, to string, chosen func(name string) bool) error {
	return filepath.Walk(from, func(path string, info os.FileInfo, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // flushed between being listed and being looked at
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case info.IsDir():
			return os.MkdirAll(target, 0o700)
		case !chosen(info.Name()):
			return nil
		}
		err = copyFile(path, target, info.Size())
		if errors.Is(err, fs.ErrNotExist) && filepath.Ext(path) == ".mem" {
			return nil // flushed just now: its table is copied later
		}
		return err
	})
}

func copyFile(from, to string, size int64) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	buf := make([]byte, 64<<10)
	for at := int64(0); ; at += int64(len(buf)) {
		n, err := in.ReadAt(buf, at)
		if len(bytes.Trim(buf[:n], "\x00")) > 0 {
			if _, err := out.WriteAt(buf[:n], at); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || filepath.Ext(from) == ".vlog" {
			break // the value log has a header and then 128 MiB of nothing
		}
		if err != nil {
			return err
		}
	}
	return errors.Join(out.Truncate(size), out.Close())
}
