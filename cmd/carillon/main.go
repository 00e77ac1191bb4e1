// Command carillon is an outbound dialer cadence engine: it decides for every
// lead when the next call is due and whether it may happen, places it, and
// lets its outcome choose what happens next.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() { os.Exit(run(os.Args[1:])) }

// run is the whole program. The first SIGINT or SIGTERM stops it in order, the
// second at once.
func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // from here on a signal kills
	root := newRoot(os.Stdout, os.Stderr)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	var coded exitError
	if errors.As(err, &coded) {
		if coded.err == nil {
			return coded.code
		}
		err = coded.err
	}
	fmt.Fprintln(os.Stderr, "carillon:", oneLine(err))
	if coded.code != 0 {
		return coded.code
	}
	return 1
}

// exitError ends the process with a code; a nil error prints nothing more.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

// oneLine joins what several errors say, unless they are a list by design
// (indented lines).
func oneLine(err error) string {
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	var b strings.Builder
	for i, line := range lines {
		switch {
		case i == 0:
		case strings.HasPrefix(line, "  "):
			b.WriteByte('\n')
		default:
			b.WriteString("; ")
		}
		b.WriteString(line)
	}
	return b.String()
}
