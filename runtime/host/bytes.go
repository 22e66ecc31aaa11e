package host

import (
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/crypto/blake2b"
)

func sha256Of(bytes Content) string {
	sum := sha256.Sum256(bytes)
	return hex.EncodeToString(sum[:])
}

func blake2b512(bytes Content) []byte {
	sum := blake2b.Sum512(bytes)
	return sum[:]
}

func SHA256OfFile(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	_, err = io.CopyBuffer(hash, newUncachedReader(file), make([]byte, bufferBytes))
	return hex.EncodeToString(hash.Sum(nil)), err
}

func verifyEd25519(publicKey, message, signature []byte) (bool, error) {
	if len(publicKey) != ed25519.PublicKeySize || len(signature) != ed25519.SignatureSize {
		return false, Failed("EINVAL", "a key has 32 bytes and a signature 64, not %d and %d", len(publicKey), len(signature))
	}
	return ed25519.Verify(publicKey, message, signature), nil
}

func decompress(packed []byte, format string, maxBytes int64) ([]byte, error) {
	unpacked := bytes.NewBuffer([]byte{})
	err := decompressTo(unpacked, bytes.NewReader(packed), format, maxBytes)
	return unpacked.Bytes(), err
}

func decompressFile(path, format, target string, maxBytes int64) error {
	packed, err := os.Open(path)
	if err != nil {
		return err
	}
	defer packed.Close()
	return replaceFile(target, WriteOptions{}, func(unpacked io.Writer) error {
		return decompressTo(unpacked, packed, format, maxBytes)
	})
}

func decompressTo(unpacked io.Writer, packed io.Reader, format string, maxBytes int64) error {
	reader, err := decompressor(packed, format)
	if err != nil {
		return err
	}
	defer reader.Close()
	size, err := io.Copy(unpacked, io.LimitReader(reader, maxBytes+1))
	if disk := new(syscall.Errno); errors.As(err, disk) {
		return err // such as a full one: no damage to the stream
	}
	if size > maxBytes {
		return Failed("EFBIG", "unpacks to more than %d bytes", maxBytes)
	}
	if err != nil {
		return Failed("EBADMSG", "not a sound %s stream: %v", format, err)
	}
	return nil
}

func decompressor(packed io.Reader, format string) (io.ReadCloser, error) {
	switch format {
	case "gzip":
		reader, err := gzip.NewReader(packed)
		if err != nil {
			return nil, Failed("EBADMSG", "not a gzip stream: %v", err)
		}
		return reader, nil
	case "zstd":
		reader, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(16<<20))
		if err != nil {
			return nil, Failed("EBADMSG", "not a zstd stream: %v", err)
		}
		return reader.IOReadCloser(), nil
	}
	return nil, Failed("EINVAL", "no such format: %q", format)
}

func decodeBase64(text string) ([]byte, error) {
	decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, Failed("EBADMSG", "not base64: %v", err)
	}
	return decoded, nil
}

func encodeBase64(bytes []byte) string {
	return base64.StdEncoding.EncodeToString(bytes)
}

func decodeUTF8(bytes []byte) (string, error) {
	if !utf8.Valid(bytes) {
		return "", Failed("EILSEQ", "not UTF-8")
	}
	return string(bytes), nil
}

func encodeUTF8(text string) []byte {
	return []byte(text)
}
