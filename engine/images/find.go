package images

import (
	"fmt"
	"slices"
	"strings"
)

// find is the image that a person means, by a name, short or in full, or by a digest or its beginning; and the name, if
// it was one. Pure.
func find(all []stored, word string) (stored, string, error) {
	name := ""
	if !strings.HasPrefix(word, "sha256:") {
		full, err := fullName(word)
		if err != nil {
			return stored{}, "", err
		}
		name = full
	}
	found := slices.DeleteFunc(slices.Clone(all), func(each stored) bool {
		if name != "" {
			return !slices.Contains(each.names, name)
		}
		isIdentifier := func(other string) bool { return strings.HasPrefix(other, word) }
		return !isIdentifier(each.digest.String()) && !slices.ContainsFunc(each.names, isIdentifier)
	})
	switch len(found) {
	case 0:
		return stored{}, "", fmt.Errorf("there is no image %q; kubesolo images list shows which there are", word)
	case 1:
		return found[0], name, nil
	}
	return stored{}, "", fmt.Errorf("%q is the beginning of %d images' digests", word, len(found))
}

// withoutTag is what goes when one of an image's tags does: the tag, and its repository's digests when it is that
// repository's last; the whole image with its last tag. Pure.
func (s stored) withoutTag(tag string) stored {
	others := slices.DeleteFunc(s.tags(), func(name string) bool { return name == tag })
	if len(others) == 0 {
		return s
	}
	own := repository(tag)
	isLast := !slices.ContainsFunc(others, func(name string) bool { return repository(name) == own })
	gone := []string{tag}
	for _, name := range s.names {
		if isLast && strings.HasPrefix(name, own+"@") {
			gone = append(gone, name)
		}
	}
	s.names = gone
	return s
}
