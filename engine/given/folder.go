package given

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

const (
	mostFiles     = 256
	mostOfAFolder = 4 << 20 // bytes
	largestFile   = 1 << 20 // bytes: far more than a configuration needs
)

// File is one of a folder's.
type File struct {
	Name string
	Text []byte
}

// ReadFolder reads all files with one of these endings, in the order of their names, and says of the others with such an ending
// why they are left out. No folder, no files.
func ReadFolder(folder string, endings ...string) (files []File, leftOut []string) {
	entries, err := os.ReadDir(folder) // sorted
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		leftOut = append(leftOut, err.Error())
	}
	room := mostOfAFolder
	for _, entry := range entries {
		name := entry.Name()
		if !slices.Contains(endings, filepath.Ext(name)) {
			continue
		}
		if len(files)+len(leftOut) == mostFiles {
			return files, append(leftOut, fmt.Sprintf("%s and what comes after it: more than %d files", name, mostFiles))
		}
		text, err := Read(filepath.Join(folder, name))
		if err == nil && len(text) > room {
			err = fmt.Errorf("with those before it, it is more than %d MiB", mostOfAFolder>>20)
		}
		if err != nil {
			leftOut = append(leftOut, fmt.Sprintf("%s: %v", name, err))
			continue
		}
		room -= len(text)
		files = append(files, File{name, text})
	}
	return files, leftOut
}
