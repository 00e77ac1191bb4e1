package configs_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/carillon-dialer/carillon/configs"
)

// The gallery shows every file once, each with its line of business.
func TestGalleryShowsEveryTemplate(t *testing.T) {
	files, err := fs.Glob(configs.Files, "templates/*.json")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]int{}
	for _, one := range configs.Templates() {
		shown["templates/"+one.File+".json"]++
		if one.Vertical == "" || !strings.Contains(string(one.Document), `"description"`) {
			t.Errorf("%s has no vertical or no description", one.File)
		}
	}
	for _, file := range files {
		if shown[file] != 1 {
			t.Errorf("%s stands %d times in the gallery", file, shown[file])
		}
	}
	if len(shown) != len(files) {
		t.Errorf("%d shown, %d files", len(shown), len(files))
	}
}
