package sim_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// The pool library starts goroutines of its own when it is imported.
func TestMain(m *testing.M) { goleak.VerifyTestMain(summed{m}, goleak.IgnoreCurrent()) }

// summed prints one line about all campaigns when the tests are over.
type summed struct{ *testing.M }

func (s summed) Run() int {
	code := s.M.Run()
	if len(told) > 0 {
		line, err := json.Marshal(told)
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(os.Stdout, string(line))
	}
	return code
}
