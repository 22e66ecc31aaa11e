// Pure: the images that the tests name and we make.

/** All that the suites' tests use. */
export const allImages = [
  "agnhost",
  "busybox",
  "etcd",
  "glibc-dns-testing",
  "kitten",
  "nautilus",
  "nginx",
  "nonewprivs",
  "nonroot",
  "pause",
  "regression-issue-74839",
  "sample-apiserver",
] as const;

export type TestImage = (typeof allImages)[number];
