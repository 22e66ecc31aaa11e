package logs

import "strings"

// noise are warnings and errors that are right for others but say nothing here.
// Each has its reason; a line that could ever explain a failure doesn't belong in the list.
var noise = []string{}

func isNoise(message string) bool {
	for _, text := range noise {
		if strings.Contains(message, text) {
			return true
		}
	}
	return false
}
