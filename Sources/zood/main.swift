print("zood")
