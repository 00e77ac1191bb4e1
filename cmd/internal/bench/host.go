package bench

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

// productChild is the product itself, dialing, until standard input ends.
func productChild(ctx context.Context, args []string, in io.Reader, out io.Writer) (err error) {
	f := flag.NewFlagSet("product", flag.ContinueOnError)
	dir := f.String("dir", "", "data directory")
	carrier := f.String("carrier", "", "URL of the carrier")
	clock := f.String("at", "", "where its clock stands now")
	if err := f.Parse(args); err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339Nano, *clock)
	if err != nil {
		return err
	}
	ctx, cancel := until(ctx, in)
	defer cancel()
	a, err := product(ctx, *dir, *carrier, at, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Stop(context.WithoutCancel(ctx))) }()
	a.Start()
	api, err := apiclient.New(a.URL())
	if err != nil {
		return err
	}
	c, err := api.FindCadence(ctx, "Bench")
	if err != nil {
		return err
	}
	if _, err := api.Act(ctx, c.ID, "activate"); err != nil {
		select {
		case failed := <-a.Failed():
			return errors.Join(failed, err)
		case <-time.After(time.Second):
			return err
		}
	}
	fmt.Fprintln(out, "ready", a.URL())
	select {
	case err := <-a.Failed():
		return err
	case <-ctx.Done():
		return nil
	}
}
