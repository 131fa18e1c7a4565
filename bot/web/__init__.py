"""The one-time page on which an account is linked by what no chat may carry: phone, code and second password."""
