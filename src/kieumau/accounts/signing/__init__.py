"""Signing in: passwords, second factors, passkeys, an agency's sign-on, invitations, sessions one can end."""
