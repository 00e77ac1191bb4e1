package app

import (
	"errors"
	"io"
	"math"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence/clock"
	"github.com/carillon-dialer/carillon/configs"
	"github.com/carillon-dialer/carillon/telephony"
)

// Options are what an App is made of. Config must have been validated by its
// caller; New checks only what is of its own.
type Options struct {
	Config configs.Config
	// Store is the data directory when the caller has opened it; else New
	// opens Config.DataDir. The App closes it in either case.
	Store *Store
	// Clock is a virtual clock, refused with any carrier that is not on a
	// loopback address. Nil is the computer's own.
	Clock *clock.Virtual
	// Demo says on the page that nobody is called.
	Demo bool
	// Zone is where the page shows a virtual clock's time; "" is UTC.
	Zone string
	Log  *zap.Logger
	// Out takes the lines that name the listeners. Nil drops them.
	Out io.Writer
	// Metrics is where everything is registered; nil makes a new registry.
	Metrics *prometheus.Registry
	// Through stands between the engine and the carrier's client, for whoever
	// measures. Nil is nothing.
	Through func(telephony.Carrier) telephony.Carrier
}

func (o *Options) complete() error {
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	if o.Out == nil {
		o.Out = io.Discard
	}
	if o.Metrics == nil {
		o.Metrics = prometheus.NewRegistry()
	}
	if o.Clock != nil {
		base, err := url.Parse(o.Config.Twilio.BaseURL)
		if err != nil || !configs.Loopback(base.Hostname()) {
			return errors.New("a virtual clock works with the simulated carrier only: twilio.base_url is not a loopback address")
		}
	}
	return nil
}

// wall is the clock that decides, and how long a span of it takes in real time.
func (o *Options) wall() (clock.Clock, func(time.Duration) time.Duration) {
	if o.Clock == nil {
		return clock.System{}, nil
	}
	return o.Clock, o.Clock.Real
}

// placers is how many goroutines place calls: enough that requests of up to a
// second keep up with the rate.
func placers(cps float64) int {
	const least, most = 16, 512
	return int(min(max(math.Ceil(cps), least), most))
}
