token = "hf_AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh"
