//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// beside damages a table of a store that is too large to be read before it
// opens, so that the server finds it while it works: it must end by itself and
// name the table, and what is started after that must not dial.
func (w *wreckage) beside(d *damages) {
	closed := w.named("closed")
	d.plan("a damaged table that is read beside the work", func(t *testing.T) (outcome, string) {
		dir := w.fresh(t, closed)
		table := largestTable(t, dir)
		flip(func(used int64) int64 { return used / 3 })(t, table)
		server := start(t, os.Args[0], nil, "serve", "--config", siteConfig(t, dir, "1MiB", "check_first: 0"))
		if server.listens(t, "") == "" {
			return unclear, "it was found before the server listened: " + lastLine(server)
		}
		select {
		case <-server.ended:
		case <-time.After(patience):
			return silent, "the server goes on with a damaged table"
		}
		said := lastLine(server)
		if code := server.cmd.ProcessState.ExitCode(); code != 1 || !strings.Contains(said, filepath.Base(table)) || !strings.Contains(said, "carillon restore") {
			return unclear, server.printed()
		}
		c := count(t, dir, "/usr/bin/env", checkFirst+"=1")
		if why := strings.Join(c.Suspicious, "; "); !strings.Contains(why, filepath.Base(table)) {
			return silent, "the next start would dial: " + why + c.Error
		}
		return safeMode, said + "; the next start: " + c.Suspicious[0]
	})
}

// largestTable has blocks that are not the last one, which is read at once.
func largestTable(t *testing.T, dir string) (largest string) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "ledger", "db", "*.sst"))
	must(t, err)
	size := int64(0)
	for _, file := range all {
		info, err := os.Stat(file)
		must(t, err)
		if info.Size() > size {
			largest, size = file, info.Size()
		}
	}
	if size == 0 {
		t.Fatal("there is no table")
	}
	return largest
}

func lastLine(p *process) string {
	lines := strings.Split(strings.TrimSpace(p.printed()), "\n")
	return lines[len(lines)-1]
}
