package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/cmd/internal/durable"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/dashboard/signin"
)

// OperatorKeyFile is the file of a data directory whose content lets programs
// of this computer in: whoever may read it runs the server.
const OperatorKeyFile = "operator.key"

// openGate makes what asks who a request comes from.
func (a *App) openGate(context.Context) error {
	open := a.o.Config.SignIn == configs.SignInNone
	if !open {
		var err error
		if a.key, err = operatorKey(filepath.Join(a.store.Dir, OperatorKeyFile)); err != nil {
			return err
		}
	}
	a.gate = signin.New(signin.Options{Engine: a.engine, Real: clock.System{}, Open: open, OperatorKey: a.key})
	return nil
}

// operatorKey reads the operator's key, or makes one. A file that others may
// read is refused: they are not the operator.
func operatorKey(file string) (string, error) {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		key := signin.NewOperatorKey()
		if err := durable.Write(file, []byte(key+"\n")); err != nil {
			return "", fmt.Errorf("operator's key: %w", err)
		}
		return key, nil
	}
	if err != nil {
		return "", fmt.Errorf("operator's key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("%s can be read by others (%s); make it `chmod 600`, or remove it and a new one is made at the next start", file, info.Mode().Perm())
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("operator's key: %w", err)
	}
	key := strings.TrimSpace(string(raw))
	if len(key) < len(signin.NewOperatorKey()) {
		return "", fmt.Errorf("%s is damaged; remove it and a new one is made at the next start", file)
	}
	return key, nil
}

// tellSignIn says on the console how to get in. Only whoever started the
// server sees it, so the token of the first owner is said here and nowhere
// else.
func (a *App) tellSignIn() {
	if a.gate.Open() {
		a.log.Warn("there is no sign-in: whoever is at this computer may do everything (sign_in: none)")
		return
	}
	needs, err := a.gate.NeedsOwner()
	if err != nil {
		a.log.Error("users cannot be read", zap.Error(err))
		return
	}
	if needs {
		base := a.URL()
		if a.o.Config.Web.URL != "" {
			base = strings.TrimRight(a.o.Config.Web.URL, "/")
		}
		fmt.Fprintf(a.o.Out, "nobody can sign in yet; create the owner at\n%s/setup#token=%s\n", base, a.gate.SetupToken())
	}
}

// certificate is that of the main listener, which is replaced while it serves.
type certificate struct {
	cert, key string // files
	now       atomic.Pointer[tls.Certificate]
}

// loadCertificate reads the files; nil without any.
func loadCertificate(w *configs.Web) (*certificate, error) {
	if w.TLSCert == "" {
		return nil, nil
	}
	c := &certificate{cert: w.TLSCert, key: w.TLSKey}
	return c, c.reload()
}

func (c *certificate) reload() error {
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return fmt.Errorf("web.tls_cert, web.tls_key: %w", err)
	}
	c.now.Store(&pair)
	return nil
}

func (c *certificate) config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.now.Load(), nil },
	}
}

// reloadCertificate takes over what the files hold now; what cannot be read
// leaves the one in force.
func (a *App) reloadCertificate() {
	if a.cert == nil {
		return
	}
	if err := a.cert.reload(); err != nil {
		a.log.Error("the certificate is not replaced", zap.Error(err))
		return
	}
	a.log.Info("the certificate was read again")
}
