package bench

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/bench/acceptor"
	"github.com/carillon-dialer/carillon/cmd/internal/bench/listener"
	"github.com/carillon-dialer/carillon/cmd/internal/bench/sender"
)

// Child is a process of the bench in another role than the product's:
//
//	carrier   accepts calls until standard input ends
//	product   dials what is in a data directory, until standard input ends
//	webhooks  sends what standard input lists, and reports on standard output
//	pages     read the live board, and reports on standard output
//
// Its first line is "ready" and what it listens on.
func Child(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	if len(args) == 0 {
		return errors.New("a process of the bench needs a role")
	}
	switch role, rest := args[0], args[1:]; role {
	case "carrier":
		return carrierChild(ctx, rest, in, out)
	case "product":
		return productChild(ctx, rest, in, out)
	case "webhooks":
		return webhooksChild(ctx, rest, in, out)
	case "pages":
		return pagesChild(ctx, rest, in, out)
	default:
		return fmt.Errorf("the bench has no role %q", role)
	}
}

// until ends the context with standard input.
func until(ctx context.Context, in io.Reader) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, in)
		cancel()
	}()
	return ctx, cancel
}

func carrierChild(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	f := flag.NewFlagSet("carrier", flag.ContinueOnError)
	var o acceptor.Options
	f.BoolVar(&o.Keep, "keep", false, "remember every call")
	f.IntVar(&o.Lines, "lines", 0, "tell the lives of so many calls at once")
	f.DurationVar(&o.Ahead, "ahead", 0, "of the engine's clock before this machine's")
	if err := f.Parse(args); err != nil {
		return err
	}
	ctx, cancel := until(ctx, in)
	defer cancel()
	a, err := acceptor.New(ctx, o)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "ready", a.URL())
	return a.Serve(ctx)
}

func webhooksChild(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	f := flag.NewFlagSet("webhooks", flag.ContinueOnError)
	j := sender.Job{Account: acceptor.AccountSID, Token: acceptor.AuthToken, States: sender.Unanswered}
	f.StringVar(&j.Server, "server", "", "where to")
	f.IntVar(&j.Lines, "lines", 1, "how many at once")
	f.DurationVar(&j.Ahead, "ahead", 0, "of the engine's clock before this machine's")
	list := f.String("calls", "", "file of calls")
	if err := f.Parse(args); err != nil {
		return err
	}
	file, err := os.Open(*list)
	if err != nil {
		return err
	}
	defer file.Close()
	calls, err := sender.ReadCalls(file)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "ready", j.Server)
	var start [1]byte
	if _, err := io.ReadFull(in, start[:]); err != nil { // a byte says go
		return err
	}
	ctx, stop := context.WithTimeout(ctx, sendLimit)
	defer stop()
	r, err := sender.Run(ctx, j, calls)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(r)
}

func pagesChild(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	f := flag.NewFlagSet("pages", flag.ContinueOnError)
	var j listener.Job
	f.StringVar(&j.Server, "server", "", "whose board to read")
	f.IntVar(&j.Pages, "pages", 1, "how many at once")
	f.DurationVar(&j.For, "for", time.Second, "how long")
	f.DurationVar(&j.Ahead, "ahead", 0, "of the engine's clock before this machine's")
	if err := f.Parse(args); err != nil {
		return err
	}
	crowd := listener.Open(ctx, j)
	defer crowd.Close()
	fmt.Fprintln(out, "ready", j.Server)
	var start [1]byte
	if _, err := io.ReadFull(in, start[:]); err != nil { // a byte says go
		return err
	}
	r, err := crowd.Listen()
	if err != nil {
		return err
	}
	if err := crowd.Errs(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return json.NewEncoder(out).Encode(r)
}

// sendLimit bounds one run of webhooks.
const sendLimit = 10 * time.Minute
