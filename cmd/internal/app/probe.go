package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// probe reaches the hooks listener through the public URL, as the carrier
// would: answered calls that cannot fetch their script are dead calls.
type probe struct {
	hooks  *twilio.Hooks
	client *http.Client
}

func newProbe(hooks *twilio.Hooks) *probe {
	// A connection of its own each time: that is what the carrier will make.
	return &probe{hooks, &http.Client{Transport: &http.Transport{DisableKeepAlives: true, Proxy: http.ProxyFromEnvironment}}}
}

// maxProbeAnswer is more than the nonce that is expected.
const maxProbeAnswer = 256

// reach fails unless this very process answered.
func (p *probe) reach(ctx context.Context) error {
	nonce := rand.Text()
	url, err := p.hooks.SelfURL(nonce)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	answer, err := p.client.Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, maxProbeAnswer))
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the public URL answered %d; is it this server's hooks listener?", answer.StatusCode)
	}
	if string(said) != nonce {
		return errors.New("something answers at the public URL, but not this server's hooks listener")
	}
	return nil
}
