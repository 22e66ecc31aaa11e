package config

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// setting is one thing that a person can decide, under all of its names.
type setting struct {
	key         string // in the file, such as network.nodeIP; "" means: not there
	flag        string // on the command line, without its dashes; "" means: not there
	environment string // "" means: the one made from the flag
	fallback    string // the built-in value, as text
	help        string
	right       string                    // a right value, for people who gave a wrong one
	why         func(wrong string) string // instead of it, where there is more to say; nil means: there isn't
	secret      bool
	field       field
}

// field reads and writes the part of a Config that a setting is about.
type field struct {
	shape shape
	// set takes a text that isn't empty. It returns the part of it that can't be, or "".
	set func(c *Config, text string) (wrong string)
	get func(c *Config) any // a string, bool, int, []string, map[string]string or map[string][]string
}

type shape int

const (
	single  shape = iota
	boolean       // as a flag it needs no value, and negates as --no-x
	list          // as text: a,b
	pairs         // as text: a=b,c=d
	lists         // as text: a=b+c,d=e
)

// variable is the environment variable that stands for the setting.
func (s setting) variable() string {
	if s.environment != "" {
		return s.environment
	}
	return EnvironmentName(s.flag)
}

// EnvironmentName is the variable that stands for a flag: node-ip → KUBESOLO_NODE_IP.
func EnvironmentName(flag string) string {
	return "KUBESOLO_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

func text(at func(*Config) *string, fits func(string) bool) field {
	return field{
		set: func(c *Config, text string) string {
			if !fits(text) {
				return text
			}
			*at(c) = text
			return ""
		},
		get: func(c *Config) any { return *at(c) },
	}
}

func truth(at func(*Config) *bool) field {
	return field{
		shape: boolean,
		set: func(c *Config, text string) string {
			value, err := strconv.ParseBool(text)
			if err != nil {
				return text
			}
			*at(c) = value
			return ""
		},
		get: func(c *Config) any { return *at(c) },
	}
}

func whole(at func(*Config) *int, fits func(int) bool) field {
	return field{
		set: func(c *Config, text string) string {
			value, err := strconv.Atoi(text)
			if err != nil || !fits(value) {
				return text
			}
			*at(c) = value
			return ""
		},
		get: func(c *Config) any { return *at(c) },
	}
}

// seconds takes a number of seconds, or a duration with its unit.
func seconds(at func(*Config) *time.Duration, low, high time.Duration) field {
	return field{
		set: func(c *Config, text string) string {
			value, err := time.ParseDuration(text)
			if number, notNumber := strconv.Atoi(text); notNumber == nil && number < int(high/time.Second)+1 {
				value, err = time.Duration(number)*time.Second, nil
			}
			if err != nil || value < low || value > high {
				return text
			}
			*at(c) = value
			return ""
		},
		get: func(c *Config) any { return int(at(c).Seconds()) },
	}
}

func address(at func(*Config) *netip.Addr, fits func(netip.Addr) bool) field {
	return field{
		set: func(c *Config, text string) string {
			value, err := netip.ParseAddr(text)
			if err != nil || !fits(value) {
				return text
			}
			*at(c) = value
			return ""
		},
		get: func(c *Config) any {
			if !at(c).IsValid() {
				return ""
			}
			return at(c).String()
		},
	}
}

func listOf(at func(*Config) *[]string, fits func(string) bool) field {
	return field{
		shape: list,
		set: func(c *Config, text string) string {
			parts := split(text)
			if i := slices.IndexFunc(parts, func(part string) bool { return !fits(part) }); i >= 0 {
				return parts[i]
			}
			*at(c) = parts
			return ""
		},
		get: func(c *Config) any { return *at(c) },
	}
}

func pairsOf(at func(*Config) *map[string]string, fits func(key, value string) bool) field {
	return field{
		shape: pairs,
		set: func(c *Config, text string) string {
			values := map[string]string{}
			for _, part := range split(text) {
				key, value, isPair := strings.Cut(part, "=")
				if _, again := values[key]; !isPair || again || !fits(key, value) {
					return part
				}
				values[key] = value
			}
			*at(c) = values
			return ""
		},
		get: func(c *Config) any { return *at(c) },
	}
}

func split(text string) (parts []string) {
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}
