print("zooctl")
