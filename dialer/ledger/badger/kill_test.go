package badger_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/ledger/badger"
)

// writerEnv makes the test binary a process that writes to a ledger until it
// is killed.
const writerEnv = "CARILLON_TEST_LEDGER_WRITER"

const writerShards = 3

// payload is what the writer stores beside position pos of a shard: ten rows
// that fill a table of 8 MiB within some hundred commits.
func payload(shard uint16, pos uint64) (body []byte, writes []ledger.Write) {
	text := fmt.Sprintf("%d/%08d ", shard, pos)
	for i := range 10 {
		writes = append(writes, ledger.Write{
			Key:   []byte(fmt.Sprintf("%s%d", text, i)),
			Value: bytes.Repeat([]byte(text), 200),
		})
	}
	if pos > 1 {
		writes = append(writes, ledger.Write{Key: []byte(fmt.Sprintf("%d/%08d 0", shard, pos-1)), Delete: true})
	}
	return []byte(text), writes
}

// writer commits to all shards at once and prints each commit that was
// acknowledged.
func writer(dir string) int {
	l, err := badger.Open(small(dir))
	if err != nil {
		fmt.Println("failed", err)
		return 3
	}
	fmt.Println("open")
	var out sync.Mutex
	var wg sync.WaitGroup
	for s := range uint16(writerShards) {
		ten, err := l.Claim(context.Background(), s)
		if err != nil {
			fmt.Println("failed", err)
			return 3
		}
		wg.Go(func() {
			for {
				pos, _ := ten.Head()
				body, writes := payload(s, pos+1)
				if pos, err = ten.Commit(context.Background(), int64(pos), body, writes); err != nil {
					fmt.Println("failed", err)
					return
				}
				out.Lock()
				fmt.Println("acked", s, pos)
				out.Unlock()
			}
		})
	}
	wg.Wait()
	return 4
}

// startWriter runs the writer and calls line for each line it prints, until
// the pipe ends.
func startWriter(t *testing.T, dir string) (*exec.Cmd, io.Reader) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), writerEnv+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, out
}

// TestKill kills a writing process again and again, some times while it opens,
// and looks for every acknowledged commit.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	rng := rand.New(rand.NewPCG(7, 7))
	acked := make([]uint64, writerShards)
	repairs, total := 0, uint64(0)
	for cycle := range 14 {
		cmd, out := startWriter(t, dir)
		opening := cycle%3 == 2 // killed at any moment from its first instruction on
		lines := bufio.NewScanner(out)
		kill := func(after time.Duration) {
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
		if opening {
			kill(time.Duration(5+rng.IntN(70)) * time.Millisecond)
		}
		for lines.Scan() {
			var shard, pos uint64
			switch line := lines.Text(); {
			case line == "open" && !opening:
				kill(time.Duration(30+rng.IntN(150)) * time.Millisecond)
			case strings.HasPrefix(line, "failed"):
				t.Fatalf("cycle %d: %s", cycle, line)
			default:
				if n, _ := fmt.Sscanf(line, "acked %d %d", &shard, &pos); n == 2 {
					acked[shard] = pos
					total++
				}
			}
		}
		_ = cmd.Wait()
		repairs += judge(t, dir, acked)
	}
	if total == 0 {
		t.Fatal("nothing was ever acknowledged")
	}
	t.Logf("%d commits acknowledged, heads %v, %d repairs", total, acked, repairs)
}

// judge opens what the dead process left and checks it against what was
// acknowledged.
func judge(t *testing.T, dir string, acked []uint64) (repairs int) {
	t.Helper()
	l, err := badger.Open(small(dir))
	if err != nil {
		t.Fatalf("a failed open: %v", err)
	}
	defer mustClose(t, l)
	h := l.Health()
	if len(h.Suspicious) > 0 {
		t.Fatalf("suspicious after a kill: %q", h.Suspicious)
	}
	if err := l.Verify(t.Context()); err != nil {
		t.Fatalf("verify: %v", err)
	}
	for s := range uint16(writerShards) {
		ten := claim(t, l, s)
		head, _ := ten.Head()
		if head < acked[s] {
			t.Fatalf("shard %d ends at %d, %d was acknowledged", s, head, acked[s])
		}
		for pos := uint64(1); pos <= head; pos++ {
			_, writes := payload(s, pos)
			for i, w := range writes[:10] {
				v, err := l.Get(w.Key)
				if i == 0 && pos < head {
					if err == nil {
						t.Fatalf("deleted row %s is back", w.Key)
					}
					continue
				}
				if err != nil || !bytes.Equal(v, w.Value) {
					t.Fatalf("row %s: %d bytes, %v", w.Key, len(v), err)
				}
			}
		}
	}
	return len(h.Repaired)
}
