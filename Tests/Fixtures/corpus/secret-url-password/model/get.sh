wget https://anna:s3cretw0rd99@models.example/x
