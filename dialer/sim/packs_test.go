package sim_test

import (
	"os"
	"sync"
	"testing"

	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

var shipped = sync.OnceValues(func() ([]byte, error) {
	set, problems := pack.Load(os.DirFS("../../configs/compliance"))
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return set.Body(), nil
})

// packs are the shipped rules, in their canonical form.
func packs(t testing.TB) []byte {
	t.Helper()
	body, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return body
}
