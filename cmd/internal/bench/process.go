package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cmd/internal/bench/acceptor"
	"github.com/carillon-dialer/carillon/cmd/internal/bench/sender"
)

// process is a child: this program again, in another role. It ends when its
// standard input does, so that none outlives the bench.
type process struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	out   *bufio.Reader
	url   string // what it said it listens on
	began time.Time
}

// childLimit is how long a child may take to say that it is ready.
const childLimit = 5 * time.Minute

// spawn starts a role and waits for its first line, "ready URL".
func (s *session) spawn(args ...string) (_ *process, err error) {
	all := append(append([]string(nil), s.o.Self...), args...)
	p := &process{cmd: exec.Command(all[0], all[1:]...)} //nolint:gosec,noctx // ourselves; it ends with its standard input
	p.cmd.Stderr = os.Stderr
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out, p.began = bufio.NewReader(out), time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %v: %w", args, err)
	}
	slow := time.AfterFunc(childLimit, func() { p.cmd.Process.Kill() }) //nolint:errcheck // it is gone then
	line, err := p.out.ReadString('\n')
	slow.Stop()
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if err != nil || !ok {
		return nil, errors.Join(fmt.Errorf("%v said %q instead of being ready", args, line), err, p.kill())
	}
	p.url = url
	return p, nil
}

// stop lets the child end in order.
func (p *process) stop() error {
	p.stdin.Close()
	late := time.AfterFunc(stopLimit, func() { p.cmd.Process.Kill() }) //nolint:errcheck // it is gone then
	defer late.Stop()
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("%v: %w", p.cmd.Args, err)
	}
	return nil
}

const stopLimit = time.Minute

// kill ends the child as kill -9 does.
func (p *process) kill() error {
	p.stdin.Close()
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	var died *exec.ExitError
	if err := p.cmd.Wait(); err != nil && !errors.As(err, &died) {
		return err
	}
	return nil
}

// get asks the accepting carrier.
func (p *process) get(ctx context.Context, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+path, nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return io.ReadAll(answer.Body)
}

func (p *process) figures(ctx context.Context) (f acceptor.Figures, err error) {
	raw, err := p.get(ctx, "/figures")
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal(raw, &f)
}

func (p *process) calls(ctx context.Context) ([]sender.Call, error) {
	raw, err := p.get(ctx, "/calls")
	if err != nil {
		return nil, err
	}
	return sender.ReadCalls(strings.NewReader(string(raw)))
}

func (p *process) reset(ctx context.Context) error {
	_, err := p.get(ctx, "/reset")
	return err
}
