// Command peers runs asynq on Redis and River on PostgreSQL beside Carillon:
// the same machine, the same accepting carrier, one after the other, each doing
// W1's work in its own cheapest way. It is a module of its own, so that nothing
// of the peers gets into the product.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	carillon := flag.String("carillon", "bin/carillon", "the program to compare with")
	runs := flag.Int("runs", 3, "of each; the best counts")
	jobs := flag.Int("jobs", 30_000, "of each run of asynq; a third of it where Redis syncs every write")
	leads := flag.Int("leads", 500_000, "of River and of Carillon's w1")
	flag.Parse()
	if err := run(ctx, *carillon, *runs, *jobs, *leads); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// run prints every run and last one JSON line with the best of each.
func run(ctx context.Context, carillon string, runs, jobs, leads int) (err error) {
	if err := install(ctx); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "carillon-peers-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	url, stop, err := acceptingCarrier(carillon)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	redis, stopRedis, err := redisServer(ctx, filepath.Join(dir, "redis"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopRedis()) }()
	dsn, stopPostgres, err := postgresServer(ctx, filepath.Join(dir, "postgres"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopPostgres()) }()
	best := map[string]float64{}
	for _, peer := range []struct {
		name    string
		workers int
		jobs    int
		run     func(workers int, c *caller, leads []int) (float64, error)
	}{
		{"asynq_everysec", 64, jobs, func(w int, c *caller, l []int) (float64, error) {
			return asynqRun(ctx, redis, "everysec", w, c, l)
		}},
		{"asynq_always", 128, jobs / 3, func(w int, c *caller, l []int) (float64, error) { return asynqRun(ctx, redis, "always", w, c, l) }},
		{"river", 200, leads, func(w int, c *caller, l []int) (float64, error) { return riverRun(ctx, dsn, w, c, l) }},
	} {
		for i := range runs {
			rate, err := peer.run(peer.workers, newCaller(url, peer.workers), rand.Perm(peer.jobs))
			if err != nil {
				return fmt.Errorf("%s: %w", peer.name, err)
			}
			fmt.Printf("%s run %d: %.0f jobs/s (%d workers, %d jobs)\n", peer.name, i+1, rate, peer.workers, peer.jobs)
			best[peer.name] = max(best[peer.name], rate)
		}
	}
	for i := range runs {
		rate, err := ours(ctx, carillon, leads)
		if err != nil {
			return fmt.Errorf("carillon: %w", err)
		}
		fmt.Printf("carillon run %d: %.0f dials/s (%d leads)\n", i+1, rate, leads)
		best["carillon"] = max(best["carillon"], rate)
	}
	line := make([]string, 0, len(best))
	for _, name := range []string{"carillon", "river", "asynq_always", "asynq_everysec"} {
		line = append(line, fmt.Sprintf("%q:%.0f", name, best[name]))
	}
	fmt.Println("{" + strings.Join(line, ",") + "}")
	return nil
}

// acceptingCarrier starts the carrier that Carillon's own bench uses. It ends
// with its standard input.
func acceptingCarrier(carillon string) (url string, stop func() error, err error) {
	cmd := exec.Command(carillon, "bench", "process", "carrier")
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	stop = func() error { return errors.Join(in.Close(), cmd.Wait()) }
	if err != nil || !ok {
		return "", nil, errors.Join(fmt.Errorf("the accepting carrier said %q", line), err, stop())
	}
	return url, stop, nil
}

// ours is the rate of Carillon's own w1.
func ours(ctx context.Context, carillon string, leads int) (float64, error) {
	cmd := exec.CommandContext(ctx, carillon, "bench", "--only", "w1", "--json", "--leads", fmt.Sprint(leads))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return 0, err
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Reverse(lines)
	var r struct {
		Workloads []struct {
			Value float64 `json:"value"`
		} `json:"workloads"`
	}
	if err := json.Unmarshal([]byte(lines[0]), &r); err != nil || len(r.Workloads) != 1 {
		return 0, errors.Join(fmt.Errorf("carillon bench said %q", lines[0]), err)
	}
	return r.Workloads[0].Value, nil
}
