package app_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/dialer/ledger"
)

func usable(t *testing.T) configs.Config {
	t.Helper()
	c := configs.Default()
	c.Listen, c.Hooks.Listen, c.DataDir = "127.0.0.1:0", "127.0.0.1:0", filepath.Join(t.TempDir(), "data")
	c.SignIn = configs.SignInNone
	c.Twilio = configs.Twilio{AccountSID: testAccount, AuthToken: testToken, BaseURL: "http://127.0.0.1:1"}
	c.CallerIDs = []configs.CallerID{{Number: "+13035550190", Pool: "default"}}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	return c
}

// refused starts an app that must not start and returns what it says.
func refused(t *testing.T, c configs.Config) string {
	t.Helper()
	a, err := app.New(t.Context(), app.Options{Config: c, Log: zap.NewNop()})
	if err == nil {
		_ = a.Stop(t.Context())
		t.Fatal("it started")
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than one line: %q", err)
	}
	return err.Error()
}

func TestTakenPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for key, set := range map[string]func(*configs.Config, string){
		"listen":       func(c *configs.Config, a string) { c.Listen = a },
		"hooks.listen": func(c *configs.Config, a string) { c.Hooks.Listen = a },
	} {
		c := usable(t)
		set(&c, l.Addr().String())
		if said := refused(t, c); !strings.HasPrefix(said, key+": ") || !strings.Contains(said, l.Addr().String()) {
			t.Errorf("%s: %q", key, said)
		}
		if _, err := os.Stat(c.DataDir); err == nil {
			t.Errorf("%s: the data directory was made all the same", key)
		}
	}
}

func TestForeignDirectory(t *testing.T) {
	for name, spoil := range map[string]func(dir string) error{
		"other files":  func(dir string) error { return os.WriteFile(filepath.Join(dir, "PG_VERSION"), []byte("17"), 0o600) },
		"other folder": func(dir string) error { return os.Mkdir(filepath.Join(dir, "base"), 0o700) },
		"other ledger": func(dir string) error {
			return errors.Join(os.Mkdir(filepath.Join(dir, "ledger"), 0o700), os.WriteFile(filepath.Join(dir, "ledger", "MANIFEST"), []byte("x"), 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := usable(t)
			if err := errors.Join(os.MkdirAll(c.DataDir, 0o700), spoil(c.DataDir)); err != nil {
				t.Fatal(err)
			}
			if said := refused(t, c); !strings.Contains(said, "holds something else") {
				t.Errorf("said %q", said)
			}
		})
	}
}

func TestAFileInPlaceOfTheDirectory(t *testing.T) {
	c := usable(t)
	if err := os.WriteFile(c.DataDir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if said := refused(t, c); !strings.Contains(said, "data directory") {
		t.Errorf("said %q", said)
	}
}

func TestTwoOnOneDirectory(t *testing.T) {
	c := usable(t)
	a, err := app.New(t.Context(), app.Options{Config: c, Log: zap.NewNop()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	_, err = app.New(t.Context(), app.Options{Config: c, Log: zap.NewNop()})
	if !errors.Is(err, ledger.ErrOwned) || !strings.Contains(err.Error(), "another process uses") {
		t.Errorf("the second one: %v", err)
	}
}

func TestVirtualTimeNeedsTheSimulatedCarrier(t *testing.T) {
	r := newRig(t, noModel, pools()...)
	c := usable(t)
	c.Twilio.BaseURL, c.PublicURL = "", "https://calls.example.test"
	if _, err := app.New(t.Context(), app.Options{Config: c, Clock: r.clock, Log: zap.NewNop()}); err == nil {
		t.Error("virtual time with a real carrier")
	}
}

func TestKeys(t *testing.T) {
	c := usable(t)
	open := func() (app.Keys, error) {
		s, err := app.OpenStore(t.Context(), app.StoreOptions{Dir: c.DataDir, Log: zap.NewNop()})
		if err != nil {
			return app.Keys{}, err
		}
		return s.Keys, s.Close()
	}
	first, err := open()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(c.DataDir, "key")
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key file: %v %v", info, err)
	}
	again, err := open()
	if err != nil || string(again.Hook) != string(first.Hook) || string(again.Number) != string(first.Number) {
		t.Errorf("the second start has other keys (%v)", err)
	}
	if string(first.Hook) == string(first.Number) {
		t.Error("one key for two uses")
	}
	if err := os.WriteFile(file, []byte("hook zz\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(); err == nil || !strings.Contains(err.Error(), "backup") {
		t.Errorf("damaged keys: %v", err)
	}
}

// A ledger whose keys are gone must not get new ones: nobody in it would be
// found again, not even those who said no.
func TestLostKeys(t *testing.T) {
	r := newRig(t, noModel, pools()...)
	r.cadence(ownCadence)
	r.stop()
	if err := os.Remove(filepath.Join(r.config.DataDir, "key")); err != nil {
		t.Fatal(err)
	}
	if said := refused(t, r.config); !strings.Contains(said, "backup") {
		t.Errorf("said %q", said)
	}
}
