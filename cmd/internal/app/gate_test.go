package app_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
	"github.com/carillon-dialer/carillon/cmd/internal/app"
	"github.com/carillon-dialer/carillon/configs"
)

// locked starts an app with sign-in.
func locked(t *testing.T, c configs.Config) (*app.App, *bytes.Buffer) {
	t.Helper()
	c.SignIn = configs.SignInRequired
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	said := &bytes.Buffer{}
	a, err := app.New(t.Context(), app.Options{Config: c, Log: zap.NewNop(), Out: said})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	a.Start()
	return a, said
}

func TestAProgramNeedsAKey(t *testing.T) {
	c := usable(t)
	a, said := locked(t, c)
	if !regexp.MustCompile(`(?m)^http://127\.0\.0\.1:\d+/setup#token=\S{43}$`).MatchString(said.String()) {
		t.Errorf("the console does not say how to begin: %s", said)
	}
	api, err := apiclient.New(a.URL())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.Overview(t.Context()); err == nil || !strings.Contains(err.Error(), "CARILLON_KEY") {
		t.Errorf("without a key: %v", err)
	}
	file := filepath.Join(c.DataDir, app.OperatorKeyFile)
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the operator's key file: %v, %v", info, err)
	}
	key, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.With(strings.TrimSpace(string(key))).Overview(t.Context()); err != nil {
		t.Errorf("with the operator's key: %v", err)
	}
	if _, err := api.With("carillon_operator_guessed").Overview(t.Context()); err == nil || !strings.Contains(err.Error(), "does not know this key") {
		t.Errorf("with a wrong one: %v", err)
	}
}

// A key that others may read is not the operator's alone.
func TestAnOpenKeyFileIsRefused(t *testing.T) {
	c := usable(t)
	a, _ := locked(t, c)
	if err := a.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(c.DataDir, app.OperatorKeyFile), 0o644); err != nil { //nolint:gosec // that is what is tried
		t.Fatal(err)
	}
	c.SignIn = configs.SignInRequired
	if _, err := app.New(t.Context(), app.Options{Config: c, Log: zap.NewNop()}); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("%v", err)
	}
}

// certify writes a new certificate for a name and returns what trusts it.
func certify(t *testing.T, c *configs.Config, serial int64) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	shape := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "carillon"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		DNSNames: []string{"dialer.example.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, shape, shape, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{c.Web.TLSCert: {Type: "CERTIFICATE", Bytes: der}, c.Web.TLSKey: {Type: "PRIVATE KEY", Bytes: raw}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return pool
}

// The dashboard may leave this computer with its own certificate, which is read
// again when asked, and keeps the old one when the new one is broken.
func TestTLSOfItsOwn(t *testing.T) {
	c := usable(t)
	dir := t.TempDir()
	c.Listen = "0.0.0.0:0"
	c.Web = configs.Web{URL: "https://dialer.example.test", TLSCert: filepath.Join(dir, "cert.pem"), TLSKey: filepath.Join(dir, "key.pem")}
	trusted := certify(t, &c, 1)
	a, said := locked(t, c)
	if !strings.Contains(said.String(), "https://dialer.example.test/setup#token=") {
		t.Errorf("%s", said)
	}
	asked := make(chan os.Signal, 1)
	a.ReloadOn(t.Context(), asked)
	at := strings.TrimPrefix(a.URL(), "https://")
	get := func(trusted *x509.CertPool, host string) (*http.Response, error) {
		client := &http.Client{Transport: &http.Transport{
			DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12},
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, at)
			},
		}}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+host+"/v1/me", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(req)
		if err == nil {
			res.Body.Close()
		}
		return res, err
	}
	res, err := get(trusted, "dialer.example.test")
	if err != nil || res.StatusCode != 200 || res.Header.Get("Strict-Transport-Security") == "" || res.TLS.PeerCertificates[0].SerialNumber.Int64() != 1 {
		t.Fatalf("%+v, %v", res, err)
	}
	if plain, err := http.Get("http://" + at + "/v1/me"); err == nil {
		plain.Body.Close()
		if plain.StatusCode < 400 {
			t.Errorf("plain HTTP is answered %d", plain.StatusCode)
		}
	}
	next := certify(t, &c, 2)
	asked <- syscall.SIGHUP
	for deadline := time.Now().Add(within); ; {
		if res, err := get(next, "dialer.example.test"); err == nil && res.TLS.PeerCertificates[0].SerialNumber.Int64() == 2 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the new certificate is not taken")
		}
	}
	if err := os.WriteFile(c.Web.TLSCert, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	asked <- syscall.SIGHUP
	asked <- syscall.SIGHUP // taken only once the first was dealt with
	if res, err := get(next, "dialer.example.test"); err != nil || res.StatusCode != 200 {
		t.Errorf("after a broken file: %+v, %v", res, err)
	}
}
