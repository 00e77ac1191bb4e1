package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// asCommand makes the test binary run the command line instead of the tests,
// so that what is started, and killed, is exactly what was compiled.
const asCommand = "CARILLON_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	if dir := os.Getenv(asCensus); dir != "" {
		os.Exit(takeCensus(dir))
	}
	goleak.VerifyTestMain(m,
		goleak.IgnoreCurrent(), // the pool that a library makes for everybody
		// Once a process, by design: the clock of Hertz's Date header.
		goleak.IgnoreAnyFunction("github.com/cloudwego/hertz/pkg/protocol.UpdateServerDate.func1"),
		// Idle connections of the test's own client.
		goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"),
		goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"),
	)
}

// process is a running command and what it printed.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{}

	mu   sync.Mutex
	out  bytes.Buffer
	addr map[string]chan string
}

var listening = regexp.MustCompile(`^(?:(\w+) )?listening (http://\S+)$`)

// start runs a binary with more in its environment: this one as the command,
// or another. It is killed when the test ends.
func start(t *testing.T, binary string, env []string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(binary, args...), ended: make(chan struct{}), addr: map[string]chan string{}}
	p.cmd.Env = append(append(os.Environ(), asCommand+"=1", "CARILLON_SIGN_IN=none"), env...)
	r, w := io.Pipe()
	p.cmd.Stdout, p.cmd.Stderr = w, w
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go p.read(r)
	go func() {
		p.cmd.Wait() // how it ended shows in what it printed
		w.Close()
		close(p.ended)
	}()
	t.Cleanup(func() { p.kill() })
	return p
}

func (p *process) read(r io.Reader) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if m := listening.FindStringSubmatch(lines.Text()); m != nil {
			p.slot(m[1]) <- m[2]
		}
		p.mu.Lock()
		if p.out.Len() < 1<<20 {
			fmt.Fprintln(&p.out, lines.Text())
		}
		p.mu.Unlock()
	}
}

func (p *process) slot(name string) chan string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.addr[name] == nil {
		p.addr[name] = make(chan string, 1)
	}
	return p.addr[name]
}

// listens waits for the address of a listener ("" is the main one); empty when
// the command ended instead.
func (p *process) listens(t *testing.T, name string) string {
	t.Helper()
	select {
	case a := <-p.slot(name):
		return a
	case <-p.ended:
		return ""
	case <-time.After(time.Minute):
		t.Fatalf("%v: no %s listener within a minute:\n%s", p.cmd.Args[1:], name, p.printed())
		return ""
	}
}

func (p *process) printed() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

// kill ends the process as a power switch would, and waits for it.
func (p *process) kill() {
	p.cmd.Process.Kill()
	<-p.ended
}

// call sends a request and decodes the answer.
func call(t *testing.T, method, url, kind string, body io.Reader, into any) {
	t.Helper()
	if err := try(t, method, url, kind, body, into); err != nil {
		t.Fatal(err)
	}
}

func try(t *testing.T, method, url, kind string, body io.Reader, into any) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		return err
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode > 299 {
		return fmt.Errorf("%s %s: %d %s", method, url, res.StatusCode, raw)
	}
	if into != nil {
		if err := json.Unmarshal(raw, into); err != nil {
			return fmt.Errorf("%s %s: %w in %s", method, url, err, raw)
		}
	}
	return nil
}

// The ports that freePort hands out lie below the range from which systems
// take ports for connections, so that none of those has one meanwhile.
const (
	firstPort = 15000
	ports     = 15000
)

// portsTaken counts the ports handed out, from a place that differs from run
// to run: nobody listens on one yet when the next is asked for.
var portsTaken = func() *atomic.Int64 {
	n := new(atomic.Int64)
	n.Store(rand.Int64N(ports))
	return n
}()

// freePort is a loopback port nobody has at the moment and that no other test
// of this process was given. A server that is killed has to come back on the
// same one: the carrier's callbacks go there.
func freePort(t *testing.T) string {
	t.Helper()
	for range 100 {
		port := firstPort + int(portsTaken.Add(1)%ports)
		ln, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		defer ln.Close()
		return ln.Addr().String()
	}
	t.Fatal("no free port")
	return ""
}

func TestFreePortNeverGivesOneTwice(t *testing.T) {
	given := map[string]bool{}
	for range 500 {
		p := freePort(t)
		if given[p] {
			t.Fatalf("%s was given twice", p)
		}
		given[p] = true
	}
}
