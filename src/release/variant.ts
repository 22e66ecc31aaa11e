// VARIANT_ID of /etc/os-release: an image's profile, and whether it is one for development, which people log in to. Pure.

const DEVELOPMENT = "-development";

export interface Variant {
  readonly profile: string;
  readonly isDevelopment: boolean;
}

export function formatVariant({ profile, isDevelopment }: Variant): string {
  return isDevelopment ? `${profile}${DEVELOPMENT}` : profile;
}

export function parseVariant(id: string): Variant {
  const isDevelopment = id.endsWith(DEVELOPMENT);
  return { profile: isDevelopment ? id.slice(0, -DEVELOPMENT.length) : id, isDevelopment };
}
