package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// install gets Debian's packages when the programs are missing.
func install(ctx context.Context) error {
	var missing []string
	if _, err := exec.LookPath("redis-server"); err != nil {
		missing = append(missing, "redis-server")
	}
	if _, err := postgresBin(); err != nil {
		missing = append(missing, "postgresql")
	}
	if len(missing) == 0 {
		return nil
	}
	var as []string
	if os.Getuid() != 0 {
		as = []string{"sudo"}
	}
	for _, step := range [][]string{
		{"apt-get", "update", "-qq"},
		append([]string{"env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", "install", "-y", "-qq", "--no-install-recommends"}, missing...),
	} {
		all := append(slices.Clone(as), step...)
		cmd := exec.CommandContext(ctx, all[0], all[1:]...)
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%v: %w", all, err)
		}
	}
	return nil
}

// postgresBin is the folder of initdb and pg_ctl, which Debian keeps out of the
// path.
func postgresBin() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.New("no PostgreSQL server below /usr/lib/postgresql")
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// freePort is a port of the loopback that nothing uses now.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

// redisServer runs Redis in a folder of its own, every write in its log.
func redisServer(ctx context.Context, dir string) (addr string, stop func() error, err error) {
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", nil, err
	}
	cmd := exec.CommandContext(ctx, "redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", dir, "--save", "", "--appendonly", "yes", "--loglevel", "warning")
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	addr = "127.0.0.1:" + port
	stop = func() error {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			return err
		}
		return cmd.Wait()
	}
	return addr, stop, listening(ctx, addr)
}

// listening waits until somebody does.
func listening(ctx context.Context, addr string) error {
	for range 300 {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
		if err == nil {
			return c.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return fmt.Errorf("nothing listens on %s", addr)
}

// postgresServer makes and runs a cluster with its own defaults in a folder of
// its own, as an unprivileged user when we are root: it refuses to run as root.
func postgresServer(ctx context.Context, dir string) (dsn string, stop func() error, err error) {
	bin, err := postgresBin()
	if err != nil {
		return "", nil, err
	}
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", nil, err
	}
	as, err := owner(dir)
	if err != nil {
		return "", nil, err
	}
	run := func(name string, args ...string) error {
		cmd := exec.CommandContext(ctx, filepath.Join(bin, name), args...)
		cmd.Dir, cmd.Stderr, cmd.SysProcAttr = dir, os.Stderr, as
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}
	data := filepath.Join(dir, "data")
	if err := run("initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8"); err != nil {
		return "", nil, err
	}
	settings := "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=" + dir
	if err := run("pg_ctl", "-D", data, "-w", "-l", filepath.Join(dir, "log"), "-o", settings, "start"); err != nil {
		return "", nil, err
	}
	stop = func() error { return run("pg_ctl", "-D", data, "-m", "fast", "-w", "stop") }
	return "postgres://bench@127.0.0.1:" + port + "/postgres?sslmode=disable", stop, nil
}

// owner gives a folder to the user that Debian's package made, when we are root.
func owner(dir string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.Chown(dir, uid, gid), os.Chmod(filepath.Dir(dir), 0o711)); err != nil { //nolint:gosec // it must be passed through
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}
