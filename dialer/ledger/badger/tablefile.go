package badger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/dgraph-io/badger/v4/fb"
	"github.com/dgraph-io/badger/v4/options"
	"github.com/dgraph-io/badger/v4/pb"
	"github.com/dgraph-io/badger/v4/y"
	"github.com/klauspost/compress/snappy"
	"google.golang.org/protobuf/proto"

	"github.com/carillon-dialer/carillon/dialer/ledger"
)

// checkWindow is how much of a table is read at once, and checkPause how long
// the check beside the work rests after each: a quarter of a gigabyte a second
// at most.
const (
	checkWindow = 1 << 20
	checkPause  = 4 * time.Millisecond
)

// maxChecksum is more than any checksum of Badger's takes.
const maxChecksum = 256

// errStopped ends a check that nobody waits for any more.
var errStopped = errors.New("the check was stopped")

// tableFile is one of Badger's sorted tables as it lies on the disk: blocks,
// the index of the blocks, its length, its checksum, the checksum's length. It
// is read, not mapped, so that a file that shrinks meanwhile is an error and no
// fault, and in small parts, so that checking takes no memory.
type tableFile struct {
	path        string
	id          uint64
	level       uint8
	compression options.CompressionType
	size        int64

	file   *os.File
	window []byte // a part of the file …
	at     int64  // … from here
	plain  []byte // the block that was decompressed last
}

func (t *tableFile) close() {
	if t.file != nil {
		_ = t.file.Close() // only read
		t.file, t.window, t.plain = nil, nil, nil
	}
}

func closeTables(tables []*tableFile) {
	for _, t := range tables {
		t.close()
	}
}

// checkFirst is what is done before the store opens. A table that is not read
// whole stays open.
func (t *tableFile) checkFirst(whole bool) (err error) {
	if t.file, err = os.Open(t.path); err != nil {
		return fmt.Errorf("%w: read table: %w", ledger.ErrDamaged, err)
	}
	err = t.check(whole, func() bool { return false })
	if whole || err != nil {
		t.close()
	}
	t.window, t.plain = nil, nil
	return err
}

// check reads the index and all blocks, or only the last one, which Badger
// reads in opening the table. Between two parts it asks whether to stop.
func (t *tableFile) check(whole bool, stop func() bool) (err error) {
	name := filepath.Base(t.path)
	defer recoverDamage("read table "+name, &err)()
	if err := t.checkBlocks(whole, stop); errors.Is(err, errStopped) {
		return err
	} else if err != nil {
		return fmt.Errorf("%w: read table %s: %w", ledger.ErrDamaged, name, err)
	}
	return nil
}

func (t *tableFile) checkBlocks(whole bool, stop func() bool) error {
	index, end, err := t.index()
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	n := index.OffsetsLength()
	if n == 0 {
		return errors.New("index: no blocks")
	}
	i := 0
	if !whole {
		i = n - 1
	}
	t.window = t.window[:0]
	for ; i < n; i++ {
		var at fb.BlockOffset
		if !index.Offsets(&at, i) {
			return fmt.Errorf("index: no block %d", i)
		}
		from, size := int64(at.Offset()), int64(at.Len())
		if from+size > end {
			return fmt.Errorf("block %d ends at %d, behind the last at %d", i, from+size, end)
		}
		raw, err := t.part(from, size, stop)
		if err == nil {
			err = t.checkBlock(raw)
		}
		if err != nil {
			return fmt.Errorf("block %d at %d: %w", i, from, err)
		}
	}
	return nil
}

// index reads the index and returns where it begins, which is the end of the
// blocks.
func (t *tableFile) index() (*fb.TableIndex, int64, error) {
	sumSize, at, err := t.length(t.size)
	if err != nil {
		return nil, 0, err
	}
	if sumSize > maxChecksum {
		return nil, 0, fmt.Errorf("a checksum of %d bytes", sumSize)
	}
	at -= sumSize
	sum, err := t.read(at, sumSize)
	if err != nil {
		return nil, 0, err
	}
	size, at, err := t.length(at)
	if err != nil {
		return nil, 0, err
	}
	at -= size
	raw, err := t.read(at, size)
	if err != nil {
		return nil, 0, err
	}
	if err := verifySum(raw, sum); err != nil {
		return nil, 0, err
	}
	return fb.GetRootAsTableIndex(raw, 0), at, nil
}

// length reads the four bytes before end, and returns what they say and where
// they begin.
func (t *tableFile) length(end int64) (n, at int64, err error) {
	raw, err := t.read(end-4, 4)
	if err != nil {
		return 0, 0, err
	}
	return int64(binary.BigEndian.Uint32(raw)), end - 4, nil
}

func (t *tableFile) read(at, size int64) ([]byte, error) {
	if at < 0 || size > t.size {
		return nil, fmt.Errorf("%d bytes at %d of %d", size, at, t.size)
	}
	b := make([]byte, size)
	_, err := t.file.ReadAt(b, at)
	return b, err
}

// part returns bytes of the file, mostly from what was read already.
func (t *tableFile) part(from, size int64, stop func() bool) ([]byte, error) {
	if from < t.at || from+size > t.at+int64(len(t.window)) {
		if stop() {
			return nil, errStopped
		}
		want := min(max(size, checkWindow), t.size-from)
		if int64(cap(t.window)) < want {
			t.window = make([]byte, want)
		}
		t.window, t.at = t.window[:want], from
		if _, err := t.file.ReadAt(t.window, from); err != nil {
			return nil, err
		}
	}
	return t.window[from-t.at:][:size], nil
}

// checkBlock checks one block: data, its checksum, and the checksum's length.
func (t *tableFile) checkBlock(raw []byte) (err error) {
	switch t.compression {
	case options.None:
	case options.Snappy:
		if t.plain, err = snappy.Decode(t.plain[:cap(t.plain)], raw); err != nil {
			return err
		}
		raw = t.plain
	case options.ZSTD:
		return errors.New("compressed as this ledger never is")
	}
	n := len(raw) - 4
	if n < 0 {
		return fmt.Errorf("%d bytes", len(raw))
	}
	sumSize := int(binary.BigEndian.Uint32(raw[n:]))
	if sumSize > n {
		return fmt.Errorf("a checksum of %d bytes", sumSize)
	}
	return verifySum(raw[:n-sumSize], raw[n-sumSize:n])
}

// verifySum compares bytes with a checksum in Badger's form.
func verifySum(data, sum []byte) error {
	var want pb.Checksum
	if err := proto.Unmarshal(sum, &want); err != nil {
		return fmt.Errorf("checksum: %w", err)
	}
	return y.VerifyChecksum(data, &want)
}
