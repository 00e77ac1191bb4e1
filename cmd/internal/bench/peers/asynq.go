package main

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// followUp is when the next call of a lead is due.
const followUp = 10 * time.Minute

var errAgain = errors.New("again")

// asynqRun does W1's work with asynq in its cheapest idiom: the task fails and
// is retried in place, so that one task is one lead. fsync is Redis's
// appendfsync.
func asynqRun(ctx context.Context, addr, fsync string, workers int, c *caller, leads []int) (float64, error) {
	rc := redis.NewClient(&redis.Options{Addr: addr})
	defer rc.Close()
	if err := rc.FlushAll(ctx).Err(); err != nil {
		return 0, err
	}
	if err := rc.ConfigSet(ctx, "appendfsync", "everysec").Err(); err != nil {
		return 0, err
	}
	o := asynq.RedisClientOpt{Addr: addr, PoolSize: workers + 16}
	client := asynq.NewClient(o)
	defer client.Close()
	err := each(64, leads, func(lead int) error {
		payload := make([]byte, 200)
		binary.BigEndian.PutUint64(payload, uint64(lead))
		_, err := client.Enqueue(asynq.NewTask("dial", payload), asynq.MaxRetry(25))
		return err
	})
	if err != nil {
		return 0, err
	}
	if err := rc.ConfigSet(ctx, "appendfsync", fsync).Err(); err != nil {
		return 0, err
	}
	n := newCounter(len(leads))
	server := asynq.NewServer(o, asynq.Config{
		Concurrency: workers, LogLevel: asynq.FatalLevel,
		RetryDelayFunc: func(int, error, *asynq.Task) time.Duration { return followUp },
		IsFailure:      func(error) bool { return false },
	})
	n.start()
	err = server.Start(asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error {
		if err := c.place(ctx, int(binary.BigEndian.Uint64(t.Payload()))); err != nil {
			n.fail(err)
			return err
		}
		n.one()
		return errAgain
	}))
	if err != nil {
		return 0, err
	}
	rate, err := n.wait(ctx)
	server.Shutdown()
	return rate, err
}
