package simcarrier

import (
	"io"
	"net/http"
)

// Faults is what goes wrong at present.
func (c *Carrier) Faults() Faults {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.faults
}

// SetFaults changes what goes wrong from now on.
func (c *Carrier) SetFaults(f Faults) error {
	if err := f.Validate(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = f
	return nil
}

// Model is how calls go at present. It must not be changed.
func (c *Carrier) Model() Model {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.model
}

// SetModel changes how calls placed from now on go. The carrier keeps m.
func (c *Carrier) SetModel(m Model) error {
	if err := m.Validate(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.model = m
	return nil
}

// onRequests reports whether any fault concerns API requests.
func (f *Faults) onRequests() bool {
	return f.DropResponse > 0 || f.HTTP429 > 0 || f.HTTP5xx > 0 || f.Slow.P > 0
}

// maxControl bounds the body of a control request.
const maxControl = 8 << 20

// control adds the carrier's own routes.
func (c *Carrier) control(mux *http.ServeMux) {
	mux.HandleFunc("GET /_sim/stats", func(w http.ResponseWriter, _ *http.Request) { write(w, reply{status: 200, body: c.Stats()}) })
	mux.HandleFunc("GET /_sim/faults", func(w http.ResponseWriter, _ *http.Request) { write(w, reply{status: 200, body: c.Faults()}) })
	mux.HandleFunc("GET /_sim/model", func(w http.ResponseWriter, _ *http.Request) { write(w, reply{status: 200, body: c.Model()}) })
	mux.HandleFunc("POST /_sim/inbound", put(c.ringUp))
	mux.HandleFunc("PUT /_sim/faults", put(func(raw []byte) (any, error) {
		f, err := ParseFaults(raw)
		if err == nil {
			err = c.SetFaults(f)
		}
		return f, err
	}))
	mux.HandleFunc("PUT /_sim/model", put(func(raw []byte) (any, error) {
		m, err := ParseModel(raw)
		if err == nil {
			err = c.SetModel(m)
		}
		return m, err
	}))
}

func put(set func(raw []byte) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxControl))
		if err == nil {
			var body any
			if body, err = set(raw); err == nil {
				write(w, reply{status: 200, body: body})
				return
			}
		}
		write(w, reply{status: 400, body: map[string]string{"error": err.Error()}})
	}
}
