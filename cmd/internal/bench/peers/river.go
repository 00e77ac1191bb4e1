package main

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// dialArgs is one lead's job.
type dialArgs struct {
	Lead int    `json:"lead"`
	Pad  string `json:"pad"`
}

// Kind implements river.JobArgs.
func (dialArgs) Kind() string { return "dial" }

type dialWorker struct {
	river.WorkerDefaults[dialArgs]
	c *caller
	n *counter
}

// Work implements river.Worker.
func (w *dialWorker) Work(ctx context.Context, j *river.Job[dialArgs]) error {
	if err := w.c.place(ctx, j.Args.Lead); err != nil {
		w.n.fail(err)
		return err
	}
	return river.JobSnooze(followUp)
}

// riverRun does W1's work with River in its cheapest idiom: the job snoozes, so
// that one job is one lead. PostgreSQL is as Debian sets it up: synchronous. A
// job counts when River tells of its snooze, which is after its commit: the
// workers run up to 20,000 jobs ahead of what is stored.
func riverRun(ctx context.Context, dsn string, workers int, c *caller, leads []int) (float64, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return 0, err
	}
	cfg.MaxConns = 40
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return 0, err
	}
	defer pool.Close()
	driver := riverpgxv5.New(pool)
	m, err := rivermigrate.New(driver, nil)
	if err != nil {
		return 0, err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return 0, err
	}
	if _, err := pool.Exec(ctx, "truncate river_job"); err != nil {
		return 0, err
	}
	n := newCounter(len(leads))
	workerSet := river.NewWorkers()
	river.AddWorker(workerSet, &dialWorker{c: c, n: n})
	client, err := river.NewClient(driver, &river.Config{
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}},
		Workers: workerSet, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		FetchCooldown: time.Millisecond, FetchPollInterval: 20 * time.Millisecond,
	})
	if err != nil {
		return 0, err
	}
	if err := insert(ctx, client, leads); err != nil {
		return 0, err
	}
	snoozed, cancel := client.SubscribeConfig(&river.SubscribeConfig{Kinds: []river.EventKind{river.EventKindJobSnoozed}, ChanSize: len(leads)})
	go func() {
		for range snoozed {
			n.one()
		}
	}()
	defer cancel()
	n.start()
	if err := client.Start(ctx); err != nil {
		return 0, err
	}
	rate, err := n.wait(ctx)
	if stopped := client.Stop(ctx); err == nil {
		err = stopped
	}
	return rate, err
}

func insert(ctx context.Context, client *river.Client[pgx.Tx], leads []int) error {
	pad := strings.Repeat("x", 180)
	const batch = 1000
	for from := 0; from < len(leads); from += batch {
		var jobs []river.InsertManyParams
		for _, lead := range leads[from:min(from+batch, len(leads))] {
			jobs = append(jobs, river.InsertManyParams{Args: dialArgs{lead, pad}})
		}
		if _, err := client.InsertManyFast(ctx, jobs); err != nil {
			return err
		}
	}
	return nil
}
