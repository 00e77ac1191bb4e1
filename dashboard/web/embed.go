// Package web is the dashboard's page, built by Vite into dist and compiled
// into the binary. dist/.gitkeep keeps it compilable on a fresh clone, before
// the first build.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var files embed.FS

// FS is the built page, rooted at dist. It holds index.html only after
// `npm run build`. Beside each text file of 1 KiB or more stand its .br and
// .gz forms, made by the build.
func FS() fs.FS {
	sub, err := fs.Sub(files, "dist")
	if err != nil {
		panic("BUG: dist is embedded and must open: " + err.Error())
	}
	return sub
}
