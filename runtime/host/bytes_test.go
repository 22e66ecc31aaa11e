package host

import (
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/zstd"
)

func gzipped(t *testing.T, plain []byte) []byte {
	var packed bytes.Buffer
	writer := gzip.NewWriter(&packed)
	_, err := writer.Write(plain)
	check(t, err)
	check(t, writer.Close())
	return packed.Bytes()
}

func zstandard(t *testing.T, plain []byte) []byte {
	writer, err := zstd.NewWriter(nil)
	check(t, err)
	return writer.EncodeAll(plain, nil)
}

func TestDecompress(t *testing.T) {
	bomb := make([]byte, 50<<20)
	tests := []struct {
		name   string
		packed []byte
		format string
		want   string
		code   string
	}{
		{"gzip", gzipped(t, []byte("plain")), "gzip", "plain", ""},
		{"zstd", zstandard(t, []byte("plain")), "zstd", "plain", ""},
		{"an empty stream", gzipped(t, nil), "gzip", "", ""},
		{"a gzip bomb", gzipped(t, bomb), "gzip", "", "EFBIG"},
		{"a zstd bomb", zstandard(t, bomb), "zstd", "", "EFBIG"},
		{"no gzip", []byte("plain"), "gzip", "", "EBADMSG"},
		{"no zstd", []byte("plain"), "zstd", "", "EBADMSG"},
		{"nothing", nil, "gzip", "", "EBADMSG"},
		{"a stream that is cut off", gzipped(t, []byte("plain"))[:20], "gzip", "", "EBADMSG"},
		{"a format that nobody knows", []byte("plain"), "lzma", "", "EINVAL"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plain, err := decompress(test.packed, test.format, 1<<20)
			if test.code == "" && (err != nil || string(plain) != test.want) {
				t.Errorf("got %q, %v", plain, err)
			}
			if test.code != "" && (err == nil || AsFailure(err).Code != test.code) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestDecompressTellsAFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	check(t, err)
	defer full.Close()
	packed := bytes.NewReader(gzipped(t, []byte("plain")))
	if err := decompressTo(full, packed, "gzip", 10); err == nil || AsFailure(err).Code != "ENOSPC" {
		t.Errorf("got %v", err)
	}
}

func TestBase64(t *testing.T) {
	decoded, err := decodeBase64(" cGxh\n aW4= \n")
	if err != nil || string(decoded) != "plain" || encodeBase64(decoded) != "cGxhaW4=" {
		t.Errorf("got %q, %v", decoded, err)
	}
	for _, text := range []string{"cGxhaW4", "!", "cGxh=aW4"} {
		if _, err := decodeBase64(text); err == nil || AsFailure(err).Code != "EBADMSG" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestUTF8(t *testing.T) {
	if text, err := decodeUTF8(encodeUTF8("ü€𝄞")); err != nil || text != "ü€𝄞" {
		t.Errorf("got %q, %v", text, err)
	}
	if _, err := decodeUTF8([]byte{0xc3}); err == nil || AsFailure(err).Code != "EILSEQ" {
		t.Errorf("got %v", err)
	}
}

// The examples of FIPS 180-2.
func TestSHA256(t *testing.T) {
	const sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	if got := sha256Of(Content("abc")); got != sum {
		t.Error(got)
	}
	path := filepath.Join(t.TempDir(), "abc")
	check(t, os.WriteFile(path, []byte("abc"), 0o600))
	if got, err := SHA256OfFile(path); err != nil || got != sum {
		t.Error(got, err)
	}
	if _, err := SHA256OfFile(path + "none"); AsFailure(err).Code != "ENOENT" {
		t.Error(err)
	}
}

// RFC 7693, appendix A; and nothing has a hash, too.
func TestBLAKE2b512(t *testing.T) {
	for content, sum := range map[string]string{
		"abc": "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
		"":    "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce",
	} {
		if got := hex.EncodeToString(blake2b512(Content(content))); got != sum {
			t.Errorf("%q: %s", content, got)
		}
	}
}

func TestVerifyEd25519(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	check(t, err)
	message := []byte("message")
	signature := ed25519.Sign(private, message)
	tests := []struct {
		name           string
		key, message   []byte
		signature      []byte
		want, wantFail bool
	}{
		{"a signature", public, message, signature, true, false},
		{"another message", public, []byte("massage"), signature, false, false},
		{"a key of another length", public[:31], message, signature, false, true},
		{"a signature of another length", public, message, signature[:63], false, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := verifyEd25519(test.key, test.message, test.signature)
			if got != test.want || (err != nil) != test.wantFail {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}
