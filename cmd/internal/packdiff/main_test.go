package packdiff_test

import (
	"testing"

	"go.uber.org/goleak"
)

// The pool library starts goroutines of its own when it is imported.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreCurrent()) }
