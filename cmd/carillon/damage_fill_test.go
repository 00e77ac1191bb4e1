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
		more, end := untilEnded(t, server, at, numbers[20:])
		if end != "" {
			return end, "the server has not ended by itself on a full disk"
		}
		marked += more
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

// patience is how long a server may take to end by itself. An orderly stop
// alone may last half a minute, and the machine may be busy: how long it took
// says nothing of what was lost.
const patience = 2 * time.Minute

// untilEnded sends marks until the server has ended and counts those that it
// acknowledged. One that outlasts all patience is silent when it took the last
// of them, and else only slow.
func untilEnded(t *testing.T, server *process, at string, numbers []string) (marked int, end outcome) {
	t.Helper()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for deadline := time.Now().Add(patience); marked < len(numbers); {
		body := strings.NewReader(`{"number": "` + numbers[marked] + `", "reason": "asked"}`)
		if end = unclear; try(t, "POST", at+"/v1/dnc", "application/json", body, nil) == nil {
			marked, end = marked+1, silent
		}
		select {
		case <-server.ended:
			return marked, ""
		case <-again.C:
		}
		if time.Now().After(deadline) {
			break
		}
	}
	return marked, end
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
