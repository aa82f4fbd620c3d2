/** What a consent browser caught at the redirect URI: the URL with query and fragment, and a form_post's body. */
export interface RedirectCapture {
  url: string;
  formBody: string | null;
}
