package api_test

import (
	"testing"

	"go.uber.org/goleak"
)

// The HTTP server keeps a pool of its own from its import on.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreCurrent()) }
