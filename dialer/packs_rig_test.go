package dialer_test

import (
	"os"
	"sync"

	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

var shipped = sync.OnceValues(func() (*pack.Set, error) {
	set, problems := pack.Load(os.DirFS("../configs/compliance"))
	return set, problems.Err()
})

// packs are the shipped rules.
func packs(t judge) *pack.Set {
	t.Helper()
	set, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return set
}
