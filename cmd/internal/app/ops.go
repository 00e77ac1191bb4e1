package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.uber.org/zap"
)

// socketName is the socket through which the owner of the data directory asks
// a running server for what files alone may guard: a backup holds the keys, so
// it never goes over the network.
const socketName = "ops.sock"

// maxSocketPath is what every system takes as the path of a socket.
const maxSocketPath = 100

// socketPath is the socket of a data directory, the shorter of its absolute
// and its relative path.
func socketPath(dir string) string {
	path := filepath.Join(dir, socketName)
	if here, err := os.Getwd(); err == nil {
		if abs, err := filepath.Abs(path); err == nil {
			if rel, err := filepath.Rel(here, abs); err == nil && len(rel) < len(abs) {
				return rel
			}
			return abs
		}
	}
	return path
}

// openOps listens on the socket. A directory whose path is too long for one
// has none: then it is backed up while the server stands still.
func (a *App) openOps(ctx context.Context) error {
	path := socketPath(a.store.Dir)
	if len(path) > maxSocketPath {
		a.log.Warn("no online backups: the path of the data directory is too long for a socket", zap.Int("bytes", len(path)), zap.Int("most", maxSocketPath))
		return nil
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("socket of an earlier server: %w", err)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "unix", path)
	if err != nil {
		return fmt.Errorf("socket for backups: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return errors.Join(fmt.Errorf("socket for backups: %w", err), l.Close())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+backupPath, a.serveBackup)
	mux.HandleFunc("POST "+reloadPath, a.serveReload)
	a.ops = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	a.socket = l
	a.cleanups.add("socket for backups", func(ctx context.Context) error {
		return errors.Join(a.ops.Shutdown(ctx), a.ops.Close(), ignoreClosed(l.Close()))
	})
	return nil
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func (a *App) serveOps() {
	if a.ops == nil {
		return
	}
	a.running.Go(func() {
		if err := a.ops.Serve(a.socket); !errors.Is(err, http.ErrServerClosed) {
			a.fail(fmt.Errorf("socket for backups: %w", err))
		}
	})
}

// What can be asked for.
const (
	backupPath = "/backup"
	reloadPath = "/packs/reload"
)

// serveReload puts the rule packs in force anew and answers their digest, or
// what is wrong with them.
func (a *App) serveReload(w http.ResponseWriter, r *http.Request) {
	digest, err := a.ReloadPacks(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	if _, err := io.WriteString(w, digest.String()); err != nil {
		a.log.Warn("answer to a reload of the rule packs", zap.Error(err))
	}
}

// serveBackup streams a backup. One that fails is cut off, and the reader sees
// that its end is missing.
func (a *App) serveBackup(w http.ResponseWriter, r *http.Request) {
	b, err := a.store.Backup(r.Context(), w, nil)
	if err != nil {
		a.log.Error("backup failed", zap.Error(err))
		panic(http.ErrAbortHandler)
	}
	a.log.Info("backup written", zap.Uint64("keys", b.Keys), zap.Uint64("bytes", b.Bytes))
}

// ErrNoServer is returned by FetchBackup when no server runs on the directory.
var ErrNoServer = errors.New("no server runs on this data directory")

// FetchBackup has the server that runs on a data directory write a backup.
func FetchBackup(ctx context.Context, dir string, w io.Writer) error {
	res, err := askServer(ctx, dir, backupPath)
	if err != nil {
		return fmt.Errorf("ask the server for a backup: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("ask the server for a backup: it answers %s", res.Status)
	}
	if _, err := io.Copy(w, res.Body); err != nil {
		return fmt.Errorf("the server broke the backup off, see its log: %w", err)
	}
	return nil
}

// askServer asks the server that runs on a data directory. It fails with
// ErrNoServer when none does; the caller closes the body.
func askServer(ctx context.Context, dir, path string) (*http.Response, error) {
	transport := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socketPath(dir))
	}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://ops"+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	res, err := (&http.Client{Transport: transport}).Do(req)
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return nil, ErrNoServer
	}
	return res, err
}

// maxReloadAnswer bounds what a server may say about rule packs.
const maxReloadAnswer = 1 << 20

// AskReload has the server that runs on a data directory read its rule packs
// again. It returns the digest in force, or an error with all that is wrong.
func AskReload(ctx context.Context, dir string) (digest string, err error) {
	res, err := askServer(ctx, dir, reloadPath)
	if err != nil {
		return "", fmt.Errorf("ask the server to read its rule packs: %w", err)
	}
	defer res.Body.Close()
	said, err := io.ReadAll(io.LimitReader(res.Body, maxReloadAnswer))
	if err == nil && res.StatusCode != http.StatusOK {
		err = errors.New(strings.TrimSpace(string(said)))
	}
	return string(said), err
}
