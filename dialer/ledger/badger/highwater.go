package badger

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"

	"github.com/carillon-dialer/carillon/cadence/crash"
)

const (
	// slotStride leaves room for a mark of all 65,536 shards, the caller's
	// digest and the suspicions; the file is sparse.
	slotStride = 4 << 20
	// slotCount is three so that, whatever a power cut tears, one slot lies
	// untouched since it was synced: one is being written, one being synced.
	slotCount = 3
	// MaxMarkBytes is the most SetMark takes.
	MaxMarkBytes = 64 << 10
)

// highWater is the open high-water file. A nil one, of a ledger in memory,
// takes everything and keeps nothing.
type highWater struct {
	mu    sync.Mutex
	file  *os.File
	now   watermark
	slot  int64
	dirty bool
	buf   []byte

	syncing sync.Mutex // one sync at a time, without holding back writers
}

// openHighWater reads the newest valid slot. known is false when there was none;
// trouble tells in words what makes its content untrustworthy.
func openHighWater(path string) (h *highWater, known bool, trouble string, err error) {
	_, err = os.Stat(path)
	known = err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, false, "", fmt.Errorf("look at high-water file: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, known, "", fmt.Errorf("open high-water file: %w", err)
	}
	h = &highWater{file: f}
	valid, blank := false, true
	buf := make([]byte, slotStride)
	for slot := range int64(slotCount) {
		n, err := f.ReadAt(buf, slot*slotStride)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, known, "", errors.Join(fmt.Errorf("read high-water file: %w", err), f.Close())
		}
		blank = blank && len(bytes.Trim(buf[:n], "\x00")) == 0
		w, err := decodeWatermark(buf[:n])
		if err == nil && (!valid || w.seq > h.now.seq) {
			h.now, h.slot, valid = w, slot, true
		}
	}
	// A file that was never written is the trace of a creation cut short.
	known = known && !blank
	if known && !valid {
		trouble = "the high-water file holds no valid mark"
	}
	return h, known, trouble, nil
}

// update changes the mark and writes it to the page cache. It survives the
// death of the process at once, and of the machine from the next sync on.
func (h *highWater) update(change func(*watermark)) error {
	if h == nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	change(&h.now)
	h.now.seq++
	h.buf = h.now.encode(h.buf[:0])
	if _, err := h.file.WriteAt(h.buf, h.slot*slotStride); err != nil {
		return fmt.Errorf("write high-water mark: %w", err)
	}
	h.dirty = true
	return nil
}

// read returns a copy of the mark.
func (h *highWater) read() watermark {
	if h == nil {
		return watermark{}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	w := h.now
	w.shards, w.digest, w.suspicious = slices.Clone(w.shards), slices.Clone(w.digest), slices.Clone(w.suspicious)
	return w
}

// suspicions returns a copy of what was found and is not yet accepted.
func (h *highWater) suspicions() []string {
	if h == nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.now.suspicious)
}

// same tells whether the file says this already.
func (h *highWater) same(w *watermark) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := &h.now
	return now.epoch == w.epoch && now.id == w.id && slices.Equal(now.shards, w.shards) && bytes.Equal(now.digest, w.digest) &&
		slices.Equal(now.suspicious, w.suspicious)
}

// sync makes the mark durable. Writers meanwhile go on in the next slot.
func (h *highWater) sync() error {
	if h == nil {
		return nil
	}
	h.syncing.Lock()
	defer h.syncing.Unlock()
	h.mu.Lock()
	dirty := h.dirty
	if dirty {
		h.dirty = false
		h.slot = (h.slot + 1) % slotCount
	}
	h.mu.Unlock()
	if !dirty {
		return nil
	}
	crash.Point(crash.HighWaterBeforeSync)
	if err := h.file.Sync(); err != nil {
		return fmt.Errorf("sync high-water file: %w", err)
	}
	crash.Point(crash.HighWaterAfterSync)
	return nil
}

func (h *highWater) close() error {
	if h == nil {
		return nil
	}
	return errors.Join(h.sync(), h.file.Close())
}
