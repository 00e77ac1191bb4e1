//go:build unix

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// fills has the disk of a server run full while it dials and takes marks. It
// must end by itself, with a message and no crash; with room again the next
// start must have everything that was acknowledged.
func (w *wreckage) fills(d *damages) {
	d.plan("a disk that runs full under the server (tmpfs)", func(t *testing.T) (outcome, string) {
		mount := smallDisk(t)
		if mount == "" {
			return "", ""
		}
		dir := filepath.Join(mount, "data")
		server, at := w.dialing(t, dir)
		numbers := damageNumbers()
		marked := len(markSome(t, at, numbers[:20], 20))
		filler := filepath.Join(mount, "filler")
		fill(t, filler)
		for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); <-time.After(20 * time.Millisecond) {
			body := strings.NewReader(`{"number": "` + numbers[len(numbers)-1-marked] + `", "reason": "asked"}`)
			if try(t, "POST", at+"/v1/dnc", "application/json", body, nil) != nil {
				break
			}
			marked++
		}
		select {
		case <-server.ended:
		case <-time.After(20 * time.Second):
			return silent, "the server goes on without a disk"
		}
		said := lastLine(server)
		if code := server.cmd.ProcessState.ExitCode(); code != 1 || !strings.Contains(said, "is full; free some space") {
			return unclear, fmt.Sprintf("%v: %s", server.cmd.ProcessState, firstLines(server.printed(), 5))
		}
		if c := count(t, dir); !strings.Contains(c.Error, "is full; free some space") {
			return unclear, "a start without room: " + c.Error + c.crashed
		}
		must(t, os.Remove(filler))
		c := count(t, dir)
		if end, what := c.judge(&census{}, false); end != healed {
			return end, what
		}
		if calls := len(c.Opens) + len(c.Attempts); len(c.DNC) < marked || calls < 20 {
			return silent, fmt.Sprintf("%d marks of %d that were acknowledged are there, and %d attempts", len(c.DNC), marked, calls)
		}
		return healed, said
	})
}

// dialing is a server of its own that has begun to dial, and where it listens.
func (w *wreckage) dialing(t *testing.T, dir string) (*process, string) {
	t.Helper()
	spec := fmt.Sprintf("%s@%sx%d", killStart.Format(time.RFC3339Nano), time.Now().UTC().Format(time.RFC3339Nano), killSpeed)
	carrier := start(t, os.Args[0], nil, "carrier", "--listen", "127.0.0.1:0", "--account-sid", killAccount, "--auth-token", killToken, "--seed", "4",
		"--model", filepath.Join(w.dir, "model.json"), "--log", filepath.Join(t.TempDir(), "carrier.jsonl"), "--clock", spec)
	config := filepath.Join(t.TempDir(), "carillon.yaml")
	write(t, config, fmt.Sprintf(damageConfig, freePort(t), freePort(t), dir, killAccount, killToken, carrier.listens(t, "")))
	server := start(t, os.Args[0], nil, "serve", "--config", config, "--clock", spec)
	at := server.listens(t, "")
	if at == "" {
		t.Fatal(server.printed())
	}
	damageEnroll(t, at, damageNumbers())
	attempts(t, at, 20)
	return server, at
}
