package config

import (
	"fmt"
	"strings"
)

// suggestion is "; did you mean X?" for the known word nearest to a wrong one, or where to look when
// none is near.
func suggestion(word string, known []string) string {
	best, distance := "", len(word)/2+1
	for _, candidate := range known {
		if d := editDistance(word, candidate); d < distance {
			best, distance = candidate, d
		}
	}
	if best == "" {
		return "; see --help"
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// suggestKey does it for a key of the file: one that is only in the wrong place, then one that is
// spelled like it.
func suggestKey(key string) string {
	var all []string
	for _, each := range settings {
		if each.key == "" {
			continue
		}
		all = append(all, each.key)
		if strings.EqualFold(lastName(each.key), lastName(key)) || each.flag == key {
			return fmt.Sprintf("; did you mean %q?", each.key)
		}
	}
	return suggestion(key, all)
}

func lastName(key string) string { return key[strings.LastIndex(key, ".")+1:] }

// editDistance is Levenshtein's: how many letters to insert, delete or replace.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
