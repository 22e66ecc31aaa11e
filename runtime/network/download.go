package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"kubesolo-os/runtime/host"
)

// download keeps what it has in PATH.part. It goes on there if the server's file is still the same one: the sender's
// validator (ETag or date) lies beside it in PATH.part.tag and is sent along as If-Range.
func download(request host.HTTPRequest, path string, options host.DownloadOptions) error {
	if err := host.MakeDirectory(filepath.Dir(path), host.WriteOptions{}); err != nil {
		return err
	}
	part, tag := path+".part", path+".part.tag"
	if err := fetchPart(request, part, tag, options.MaxBytes); err != nil {
		return err
	}
	if options.SHA256 != "" {
		sum, err := host.SHA256OfFile(part)
		if err != nil {
			return err
		}
		if sum != options.SHA256 {
			_ = os.Remove(part)
			_ = os.Remove(tag)
			return host.Failed("EBADMSG", "%s has the SHA-256 %s, not %s", request.URL, sum, options.SHA256)
		}
	}
	if err := os.Remove(tag); err != nil && !host.IsMissing(err) {
		return err
	}
	return host.Rename(part, path)
}

func fetchPart(request host.HTTPRequest, part, tag string, maxBytes int64) error {
	more := map[string]string{"Accept-Encoding": "identity"}
	offset := int64(0)
	validator, _ := os.ReadFile(tag)
	if info, err := os.Stat(part); err == nil && len(validator) > 0 && info.Size() > 0 {
		offset = info.Size()
		more["Range"] = fmt.Sprintf("bytes=%d-", offset)
		more["If-Range"] = string(validator)
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeoutOf(request))
	defer cancel()
	response, err := send(ctx, request, more)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusRequestedRangeNotSatisfiable && offset > 0 {
		// Nothing is missing, or all is wrong; the hash tells, and else there is no way to know but to begin again.
		_ = os.Remove(part)
		_ = os.Remove(tag)
		return fetchPart(request, part, tag, maxBytes)
	}
	start, err := startOf(response, request.URL, offset)
	if err != nil {
		if response.StatusCode == http.StatusPartialContent {
			_ = os.Remove(tag)
		}
		return err
	}
	if start == 0 {
		if err := beginPart(part, tag, validatorOf(response)); err != nil {
			return err
		}
	}
	return keepFrom(part, start, response.Body, maxBytes)
}

// beginPart never has the rest of another file beside the new file's tag, even if the power goes in between.
func beginPart(part, tag, validator string) error {
	for _, path := range []string{tag, part} {
		if err := os.Remove(path); err != nil && !host.IsMissing(err) {
			return err
		}
	}
	if err := host.SyncDirectory(filepath.Dir(part)); err != nil {
		return err
	}
	return os.WriteFile(tag, []byte(validator), 0o600)
}

// validatorOf is a strong one, or none: RFC 9110, 13.1.5.
func validatorOf(response *http.Response) string {
	if tag := response.Header.Get("ETag"); tag != "" && tag[0] == '"' {
		return tag
	}
	return response.Header.Get("Last-Modified")
}

func keepFrom(part string, offset int64, body io.Reader, maxBytes int64) error {
	file, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := file.Truncate(offset); err != nil {
		return err
	}
	if _, err := file.Seek(offset, io.SeekStart); err != nil {
		return err
	}
	writer := host.NewUncachedWriter(file)
	written, copyErr := io.Copy(writer, io.LimitReader(body, maxBytes-offset+1))
	if err := writer.Flush(); err != nil {
		return err
	}
	if offset+written > maxBytes {
		return host.Failed("EFBIG", "more than %d bytes", maxBytes)
	}
	return copyErr
}
